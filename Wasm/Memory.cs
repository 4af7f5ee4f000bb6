using System.Runtime.CompilerServices;
using Wetware.Core;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm;

/// <summary>
/// A linear memory: a reserved range of addresses, of which the first pages are usable. It never moves, so growth copies nothing.
/// Used by one thread at a time, that of its store. A span of it is good until the store is disposed.
/// </summary>
public sealed unsafe class Memory : IDisposable
{
    /// <summary>Bytes of a page.</summary>
    public const int PageBytes = 65_536;

    private readonly uint _pagesMax;
    private readonly List<InstanceContext> _users = [];
    private readonly PageRange _range;
    private uint _pages;

    internal Memory(SizeRange size, uint limit)
    {
        Size = size;
        _pagesMax = Math.Min(limit, size.Maximum ?? ModuleLimits.MemoryPagesCeiling);
        Invariant.Check(size.Minimum <= _pagesMax);
        _range = new PageRange((nuint)_pagesMax * PageBytes);
        _range.Commit((nuint)size.Minimum * PageBytes);
        _pages = size.Minimum;
    }

    /// <summary>A memory that the host makes, to be imported by guests.</summary>
    public Memory(SizeRange size)
        : this(size, StoreOptions.Default.MemoryPagesMax)
    {
    }

    /// <summary>The declared size.</summary>
    public SizeRange Size { get; }

    /// <summary>The current size in pages.</summary>
    public uint Pages => _pages;

    /// <summary>The current size in bytes.</summary>
    public long Length => (long)_pages * PageBytes;

    internal byte* Base => _range.Base;

    /// <summary>Begins with the contents of an image.</summary>
    internal void Place(MemoryImage image) => _range.Place(image);

    /// <summary>The bytes from <paramref name="address"/> on, checked against the memory's size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bytes are not all inside the memory.</exception>
    public Span<byte> Span(uint address, int count) =>
        TrySpan(address, (uint)count, out var span) ? span : throw new ArgumentOutOfRangeException(nameof(address));

    /// <summary>As <see cref="Span"/>, for addresses that a guest chose: false where not all bytes are inside.</summary>
    public bool TrySpan(uint address, uint count, out Span<byte> span)
    {
        var inside = (ulong)address + count <= (ulong)Length && count <= int.MaxValue;
        span = inside ? new Span<byte>(Base + address, (int)count) : default;
        return inside;
    }

    /// <summary>Gives the pages back. A guest that still refers to the memory finds it empty.</summary>
    public void Dispose()
    {
        _pages = 0;
        Publish();
        _range.Dispose();
    }

    /// <summary>Grows by <paramref name="delta"/> pages; -1 when a limit or the machine forbids it, else the size before.</summary>
    internal int Grow(uint delta)
    {
        var before = _pages;
        if (delta > _pagesMax - before)
        {
            return -1;
        }

        if (delta > 0)
        {
            if (!_range.TryCommit((nuint)(before + delta) * PageBytes))
            {
                return -1;
            }

            _pages = before + delta;
            Publish();
        }

        return (int)before;
    }

    internal void Attach(InstanceContext user)
    {
        _users.Add(user);
        Publish(user);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Publish()
    {
        foreach (var user in _users)
        {
            Publish(user);
        }
    }

    private void Publish(InstanceContext user)
    {
        user.MemoryBase = Base;
        user.MemoryBias = ~(ulong)Length;
    }
}
