using Wetware.Core;

namespace Wetware.Fuzz.Raft;

/// <summary>Which nodes can reach which. Links have directions.</summary>
internal sealed class SimNetwork(int size)
{
    private readonly bool[,] _isCut = new bool[size + 1, size + 1];

    public bool Connects(NodeId from, NodeId to) => !_isCut[from.Value, to.Value];

    public void Heal() => Array.Clear(_isCut);

    /// <summary>Splits the nodes in two parts that cannot reach each other, or only one way.</summary>
    public void Split(ref Prng random)
    {
        var side = random.Next();
        var isOneWay = random.Chance(0.3);
        for (var from = 1; from <= size; from++)
        {
            for (var to = 1; to <= size; to++)
            {
                var (fromSide, toSide) = ((side >> from) & 1, (side >> to) & 1);
                _isCut[from, to] = isOneWay ? fromSide < toSide : fromSide != toSide;
            }
        }
    }
}
