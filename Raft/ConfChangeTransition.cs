namespace Wetware.Raft;

/// <summary>How a group passes from one configuration to the next.</summary>
public enum ConfChangeTransition : byte
{
    /// <summary>Directly if at most one voter changes, else through a joint configuration that the leader leaves by itself.</summary>
    Auto = 0,

    /// <summary>Through a joint configuration that the leader leaves by itself.</summary>
    JointImplicit = 1,

    /// <summary>Through a joint configuration that an empty <see cref="ConfChangeV2"/> leaves.</summary>
    JointExplicit = 2,
}
