namespace Wetware.Core;

/// <summary>
/// The root of every failure that a user of a cluster may want to catch. The message is one line; <see cref="Reason"/> is the same for a program.
/// A cancelled token gives <see cref="OperationCanceledException"/> instead, and a broken program <see cref="InvariantException"/>.
/// </summary>
public class WetwareException : Exception
{
    /// <summary>Something went wrong that is no fault of the caller's.</summary>
    public WetwareException(string message)
        : this(FailureReason.Failed, message)
    {
    }

    /// <summary>Something went wrong that is no fault of the caller's.</summary>
    public WetwareException(string message, Exception? inner)
        : this(FailureReason.Failed, message, inner)
    {
    }

    /// <summary>Something went wrong, for a reason that a program can act on.</summary>
    public WetwareException(FailureReason reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Why.</summary>
    public FailureReason Reason { get; }

    /// <summary>The limit that was met; null unless the reason is <see cref="FailureReason.TooLarge"/> or <see cref="FailureReason.Exhausted"/> and the limit is known.</summary>
    public ExceededLimit? Limit { get; init; }

    /// <summary>Whether the same request may succeed later without a change.</summary>
    public bool IsTransient => Reason is FailureReason.Unavailable or FailureReason.TimedOut or FailureReason.Exhausted;

    /// <summary>Something is larger than a limit allows.</summary>
    /// <param name="what">What it is, for the message: "a message's payload".</param>
    /// <param name="actual">Its size.</param>
    /// <param name="limit">The limit.</param>
    public static WetwareException TooLarge(string what, long actual, ExceededLimit limit) =>
        new(FailureReason.TooLarge, $"{what} is {actual}, more than {limit}") { Limit = limit };
}
