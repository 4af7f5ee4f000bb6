using Wetware.Core;

namespace Wetware.Queue;

/// <summary>
/// An array in pages that can be frozen: whoever holds the frozen copy reads it on any thread as it was, while the original goes on changing. A page is
/// copied when it is first changed after a freeze; without one, changing costs a comparison more than in an array.
/// Invariant: while a frozen copy is held, no page that it shares is written.
/// </summary>
internal sealed class PagedArray<T>
    where T : struct
{
    public const int PageLength = 1 << PageLog;
    private const int PageLog = 8;

    private readonly PageOwner _owner;
    private Page[] _pages;

    /// <param name="length">A multiple of the length of a page.</param>
    public PagedArray(int length)
    {
        (_owner, _pages) = (new PageOwner(), []);
        Grow(length);
    }

    private PagedArray(Page[] pages) => (_owner, _pages) = (new PageOwner(), pages);

    public int Length => _pages.Length << PageLog;

    /// <summary>To read only.</summary>
    public ref readonly T this[int place] => ref _pages[place >> PageLog].Items[place & (PageLength - 1)];

    /// <summary>To change. Valid until the next freeze.</summary>
    public ref T Own(int place)
    {
        ref var page = ref _pages[place >> PageLog];
        if (_owner.IsShared(page.Epoch))
        {
            page = new Page([.. page.Items], _owner.Epoch);
        }

        return ref page.Items[place & (PageLength - 1)];
    }

    /// <summary>Adds cleared pages at the end.</summary>
    public void Grow(int length)
    {
        Invariant.Check(length % PageLength == 0 && length >= Length);
        var before = _pages.Length;
        Array.Resize(ref _pages, length >> PageLog);
        for (var i = before; i < _pages.Length; i++)
        {
            _pages[i] = new Page(new T[PageLength], _owner.Epoch);
        }
    }

    /// <summary>A copy of what there is now, to be read until <see cref="Release"/>. One at a time.</summary>
    public PagedArray<T> Freeze()
    {
        _owner.Freeze();
        return new([.. _pages]);
    }

    /// <summary>Nobody reads the frozen copy any more.</summary>
    public void Release() => _owner.Release();

    private sealed class Page(T[] items, int epoch)
    {
        public readonly T[] Items = items;
        public readonly int Epoch = epoch;
    }
}
