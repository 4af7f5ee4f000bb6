using Wetware.Core;

namespace Wetware.Raft;

/// <summary>Ids that stand for parts of this process. Nobody may bear them, and no message from elsewhere may come from them.</summary>
public static class LocalNodes
{
    /// <summary>Whoever persists what a <see cref="Ready"/> shows.</summary>
    public static NodeId AppendThread { get; } = new(ulong.MaxValue);

    /// <summary>Whoever applies committed entries.</summary>
    public static NodeId ApplyThread { get; } = new(ulong.MaxValue - 1);

    /// <summary>Whether <paramref name="node"/> is one of them.</summary>
    public static bool Contains(NodeId node) => node.Value >= ulong.MaxValue - 1;
}
