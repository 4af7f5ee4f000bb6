namespace Wetware.Protocol.Queues;

/// <summary>What a command asks of the machine.</summary>
public enum CommandKind
{
    /// <summary>Only moves the clock.</summary>
    Tick = 0,

    /// <summary>Begins a session.</summary>
    OpenSession = 1,

    /// <summary>Ends the session that the command belongs to.</summary>
    CloseSession = 2,

    /// <summary>Makes a topic, or finds it if it is there with the same options.</summary>
    CreateTopic = 3,

    /// <summary>Does operations, all or nothing.</summary>
    Transact = 4,

    /// <summary>Hands out messages.</summary>
    Lease = 5,
}
