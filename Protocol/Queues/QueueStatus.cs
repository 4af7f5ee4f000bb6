namespace Wetware.Protocol.Queues;

/// <summary>How a command ended. Anything but <see cref="Ok"/> changed nothing except the clock.</summary>
public enum QueueStatus
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>The bytes are no command, or a value in them is out of bounds.</summary>
    Malformed = 1,

    /// <summary>No topic has this number or name.</summary>
    TopicUnknown = 2,

    /// <summary>A topic of this name exists with other options.</summary>
    TopicDiffers = 3,

    /// <summary>There are as many topics as there may be.</summary>
    TopicsFull = 4,

    /// <summary>The lease ran out, was given up, or never was.</summary>
    LeaseLost = 5,

    /// <summary>Two operations of one transaction claim the same message.</summary>
    Conflict = 6,

    /// <summary>The topic or the machine has no room for what the transaction adds.</summary>
    Full = 7,

    /// <summary>The topic dedupes and the message has no key, or the other way round.</summary>
    KeyMismatch = 8,

    /// <summary>The message is not dead, or not there.</summary>
    NotDead = 9,

    /// <summary>The session never was or has ended; whether an earlier try took effect cannot be known any more.</summary>
    SessionUnknown = 10,

    /// <summary>The sequence number is further behind than the session's window.</summary>
    SessionStale = 11,
}
