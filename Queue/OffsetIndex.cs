using System.Numerics;
using Wetware.Core;

namespace Wetware.Queue;

/// <summary>
/// Finds a topic's messages by offset: a ring of pages from the oldest live offset to the newest. A page whose messages are
/// all gone is given back, so one old message among millions of acked ones costs eight bytes per thousand of them.
/// Invariant: the first page of the ring is never empty, except when it is the only one.
/// </summary>
internal sealed class OffsetIndex
{
    private const int PageLength = Limits.OffsetPageLength;
    private const int SparePagesMax = 4;

    private readonly Stack<Page> _spare = new(SparePagesMax);
    private readonly PageOwner _owner = new();
    private Page?[] _ring = new Page?[4];
    private ulong _firstPage;
    private int _pages;

    /// <summary>Records where <paramref name="offset"/> is; offsets come in rising order.</summary>
    public void Add(ulong offset, int slot)
    {
        var number = offset / PageLength;
        if (_pages == 0 || (_pages == 1 && PageAt(_firstPage) is null))
        {
            _firstPage = number;
            _pages = 0;
        }

        Invariant.Check(slot > 0 && number >= _firstPage);
        Extend(number);
        ref var page = ref PageAt(number);
        page ??= _spare.TryPop(out var spare) ? spare : new Page(new int[PageLength], _owner.Epoch);
        Own(ref page);
        ref var entry = ref page.Slots[offset % PageLength];
        Invariant.Check(entry == 0);
        entry = slot;
        page.Count++;
    }

    /// <summary>The first offset of the page that holds the oldest message; <paramref name="next"/> when there is none.</summary>
    public ulong Oldest(ulong next) => _pages == 0 || PageAt(_firstPage) is null ? next : _firstPage * PageLength;

    /// <summary>The slot of the message at <paramref name="offset"/>, or 0.</summary>
    public int Find(ulong offset)
    {
        var number = offset / PageLength;
        return number < _firstPage || number - _firstPage >= (ulong)_pages ? 0 : PageAt(number)?.Slots[offset % PageLength] ?? 0;
    }

    /// <summary>The slot of the first message at or after <paramref name="offset"/>, or 0.</summary>
    public int FindFrom(ulong offset)
    {
        if (offset < _firstPage * PageLength)
        {
            offset = _firstPage * PageLength;
        }

        var number = offset / PageLength;
        var start = (int)(offset % PageLength);
        for (; number - _firstPage < (ulong)_pages; number++, start = 0)
        {
            if (PageAt(number) is not { Count: > 0 } page)
            {
                continue;
            }

            var found = page.Slots.AsSpan(start).IndexOfAnyExcept(0);
            if (found >= 0)
            {
                return page.Slots[start + found];
            }
        }

        return 0;
    }

    public void Remove(ulong offset)
    {
        ref var page = ref PageAt(offset / PageLength);
        Invariant.Check(page is not null);
        Own(ref page);
        ref var entry = ref page.Slots[offset % PageLength];
        Invariant.Check(entry != 0 && page.Count > 0);
        entry = 0;
        page.Count--;
        if (page.Count == 0)
        {
            Retire(ref page);
        }
    }

    /// <summary>A copy of what there is now, to be read until <see cref="Release"/> on any thread. One at a time.</summary>
    public OffsetIndex Freeze()
    {
        _owner.Freeze();
        return new() { _ring = [.. _ring], _firstPage = _firstPage, _pages = _pages };
    }

    /// <summary>Nobody reads the frozen copy any more.</summary>
    public void Release() => _owner.Release();

    private void Own(ref Page page)
    {
        if (_owner.IsShared(page.Epoch))
        {
            page = new Page([.. page.Slots], _owner.Epoch) { Count = page.Count };
        }
    }

    private void Retire(ref Page? page)
    {
        if (_spare.Count < SparePagesMax)
        {
            _spare.Push(page!);
        }

        page = null;
        while (_pages > 1 && PageAt(_firstPage) is null)
        {
            _firstPage++;
            _pages--;
        }
    }

    private ref Page? PageAt(ulong number) => ref _ring[number & (ulong)(_ring.Length - 1)];

    private void Extend(ulong number)
    {
        var pages = number - _firstPage + 1;
        if (pages > (ulong)_ring.Length)
        {
            Grow(pages);
        }

        _pages = Math.Max(_pages, (int)pages);
    }

    private void Grow(ulong pages)
    {
        var old = _ring;
        _ring = new Page?[BitOperations.RoundUpToPowerOf2(pages)];
        for (var i = 0UL; i < (ulong)_pages; i++)
        {
            PageAt(_firstPage + i) = old[(_firstPage + i) & (ulong)(old.Length - 1)];
        }
    }

    private sealed class Page(int[] slots, int epoch)
    {
        public readonly int[] Slots = slots;
        public readonly int Epoch = epoch;
        public int Count;
    }
}
