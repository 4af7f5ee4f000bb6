namespace Wetware.Crawler.Fetch;

/// <summary>The queue could not be reached for so long that its client gave up on a command.</summary>
/// <param name="message">Why.</param>
/// <param name="cause">The last failure.</param>
public sealed class QueueUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
