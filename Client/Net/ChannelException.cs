namespace Wetware.Client.Net;

/// <summary>A connection came to nothing before anything was said over it; the message is one line that says why.</summary>
internal sealed class ChannelException(string message, Exception? cause = null) : Exception(message, cause);
