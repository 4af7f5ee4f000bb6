using System.Collections.Immutable;
using Wetware.Capnp;
using Wetware.Core;

namespace Wetware.Protocol;

/// <summary>Lists of node ids on the wire.</summary>
internal static class NodeList
{
    public static ImmutableArray<NodeId> Read(ScalarListReader<ulong> wire)
    {
        var nodes = ImmutableArray.CreateBuilder<NodeId>(wire.Count);
        for (var i = 0; i < wire.Count; i++)
        {
            nodes.Add(new NodeId(wire[i]));
        }

        return nodes.MoveToImmutable();
    }
}
