namespace Wetware.Core;

/// <summary>Why an operation failed, for programs.</summary>
public enum FailureReason
{
    /// <summary>No other reason fits: the message says more.</summary>
    Failed,

    /// <summary>The node, its peers or a quorum cannot be reached now. Nothing was done; try again later.</summary>
    Unavailable,

    /// <summary>Nobody answered in time. What the request was to do was not done.</summary>
    TimedOut,

    /// <summary>The request may have taken effect, and may not have.</summary>
    OutcomeUnknown,

    /// <summary>The caller's session does not hold the capability that this takes, or the login was refused.</summary>
    Denied,

    /// <summary>Something in the request is larger than a limit allows. <see cref="WetwareException.Limit"/> names it.</summary>
    TooLarge,

    /// <summary>A limit on what is held at once was met; try again when some of it is gone.</summary>
    Exhausted,

    /// <summary>What the request names does not exist.</summary>
    NotFound,

    /// <summary>The request contradicts what is there already.</summary>
    Conflict,

    /// <summary>The request, an option or an address is malformed.</summary>
    Invalid,

    /// <summary>What was used has been closed.</summary>
    Closed,

    /// <summary>A file or folder cannot be used.</summary>
    Storage,

    /// <summary>The other side does not know how to do this.</summary>
    Unsupported,
}
