namespace Wetware.Host.Services.Channels;

/// <summary>How far a send or a receive has come.</summary>
internal enum ChannelOutcome
{
    /// <summary>It waits.</summary>
    Pending,

    /// <summary>The receive holds a value, which it has to take or to give back.</summary>
    Handed,

    /// <summary>The value was sent or received.</summary>
    Done,

    /// <summary>It was called off in time: nothing was sent or received.</summary>
    Withdrawn,

    /// <summary>The channel is closed.</summary>
    Closed,

    /// <summary>Too many wait already.</summary>
    Refused,
}
