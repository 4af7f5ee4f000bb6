using System.Runtime.CompilerServices;
using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>
/// Where each entry of a group lies: pages of positions in a ring, so that appending at the end and compacting at the
/// start use the same pages again, and growing never copies positions.
/// </summary>
internal sealed class PositionIndex(PositionPages spares)
{
    private const int PageShift = PositionPages.PageShift;
    private const int PageSize = PositionPages.PageSize;

    // A ring of pages, a power of two long; the entry at ordinal i lies in page i >> PageShift, modulo the ring. Ordinals only grow.
    // Invariant: pages of ordinals in [_first, _end) are not null.
    private EntryPosition[]?[] _pages = new EntryPosition[4][];
    private ulong _first;
    private ulong _end;

    /// <summary>How many entries there are.</summary>
    public ulong Count => _end - _first;

    /// <summary>The position of the entry <paramref name="ordinal"/> places after the first.</summary>
    public ref EntryPosition this[ulong ordinal]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Invariant.Check(ordinal < _end - _first);
            return ref At(_first + ordinal);
        }
    }

    /// <summary>Appends one position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in EntryPosition position)
    {
        if ((_end & (PageSize - 1)) == 0)
        {
            OpenPage();
        }

        At(_end++) = position;
    }

    /// <summary>Drops the first <paramref name="count"/> positions.</summary>
    public void DropFirst(ulong count)
    {
        Invariant.Check(count <= Count);
        var target = _first + count;
        while (_first < target)
        {
            var pageEnd = (_first | (PageSize - 1)) + 1;
            if (pageEnd > target)
            {
                _first = target;
                break;
            }

            Release(_first);
            _first = pageEnd;
        }
    }

    /// <summary>Drops the last <paramref name="count"/> positions.</summary>
    public void DropLast(ulong count)
    {
        Invariant.Check(count <= Count);
        for (; count > 0; count--)
        {
            _end--;
            if ((_end & (PageSize - 1)) == 0)
            {
                Release(_end);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref EntryPosition At(ulong ordinal) =>
        ref _pages[(int)(ordinal >> PageShift) & (_pages.Length - 1)]![(int)ordinal & (PageSize - 1)];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OpenPage()
    {
        var pagesUsed = ((_end + PageSize - 1) >> PageShift) - (_first >> PageShift);
        if (pagesUsed == (ulong)_pages.Length)
        {
            GrowRing();
        }

        _pages[(int)(_end >> PageShift) & (_pages.Length - 1)] = spares.Take();
    }

    private void GrowRing()
    {
        var grown = new EntryPosition[_pages.Length * 2][];
        for (var page = _first >> PageShift; page < (_end + PageSize - 1) >> PageShift; page++)
        {
            grown[(int)page & (grown.Length - 1)] = _pages[(int)page & (_pages.Length - 1)]!;
        }

        _pages = grown;
    }

    private void Release(ulong ordinal)
    {
        ref var page = ref _pages[(int)(ordinal >> PageShift) & (_pages.Length - 1)];
        spares.Return(page!);
        page = null;
    }
}
