namespace Wetware.Samples.Scheduler;

/// <summary>A submission that cannot be carried out. The message is one line.</summary>
/// <param name="status">The HTTP status that says so.</param>
/// <param name="message">What is wrong.</param>
internal sealed class BadSubmissionException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status that says so.</summary>
    public int Status { get; } = status;
}
