using System.Runtime.CompilerServices;
using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>The segments in use, found by the low half of their number.</summary>
internal sealed class SegmentTable
{
    private readonly Queue<Segment> _inOrder = new();

    // A ring by number, a power of two long. Invariant: numbers in use span less than its length.
    private Segment?[] _byNumber = new Segment?[16];
    private Segment? _newest;

    public int Count => _inOrder.Count;

    public Segment Oldest => _inOrder.Peek();

    public IReadOnlyCollection<Segment> All => _inOrder;

    public Segment this[uint lowNumber]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var segment = _byNumber[(int)lowNumber & (_byNumber.Length - 1)];
            Invariant.Check(segment is not null && (uint)segment.Number == lowNumber);
            return segment;
        }
    }

    public void Add(Segment segment)
    {
        Invariant.Check(_newest is null || segment.Number > _newest.Number);
        while (_inOrder.Count > 0 && segment.Number - Oldest.Number >= (ulong)_byNumber.Length)
        {
            Grow();
        }

        _inOrder.Enqueue(segment);
        _byNumber[(int)segment.Number & (_byNumber.Length - 1)] = segment;
        _newest = segment;
    }

    public Segment RemoveOldest()
    {
        var oldest = _inOrder.Dequeue();
        _byNumber[(int)oldest.Number & (_byNumber.Length - 1)] = null;
        return oldest;
    }

    /// <summary>Closes all files.</summary>
    public void Close()
    {
        while (_inOrder.Count > 0)
        {
            RemoveOldest().Dispose();
        }
    }

    private void Grow()
    {
        // Numbers have gaps where a start was cut short, so the ring may have to grow more than the count says.
        _byNumber = new Segment?[_byNumber.Length * 2];
        foreach (var segment in _inOrder)
        {
            _byNumber[(int)segment.Number & (_byNumber.Length - 1)] = segment;
        }
    }
}
