namespace Wetware.Raft;

/// <summary>What the payload of an <see cref="Entry"/> means to the consensus core.</summary>
public enum EntryType : byte
{
    /// <summary>A command of the state machine, or nothing: a new leader's first entry has no payload.</summary>
    Normal = 0,

    /// <summary>One change of one member, encoded by <see cref="ConfChange"/>.</summary>
    ConfChange = 1,

    /// <summary>Any number of changes, or leaving a joint configuration, encoded by <see cref="ConfChangeV2"/>.</summary>
    ConfChangeV2 = 2,

    /// <summary>
    /// Stands where a leader put it for a configuration change that it found impossible when it was proposed: there is
    /// nothing to apply, and whoever proposed the change can tell it from its place. etcd/raft has a normal entry there.
    /// </summary>
    Refused = 3,
}
