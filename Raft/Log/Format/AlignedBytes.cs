using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Wetware.Raft.Log.Format;

/// <summary>Bytes that stay where they are in memory and start at a multiple of a page, as a disk wants them that is written past the kernel's cache.</summary>
internal readonly struct AlignedBytes
{
    /// <summary>The most there can be.</summary>
    public static readonly int LengthMax = Array.MaxLength - Alignment;

    private const int Alignment = 4096;

    private readonly byte[] _bytes;
    private readonly int _origin;

    public AlignedBytes(int length)
    {
        _bytes = GC.AllocateArray<byte>(length + Alignment, pinned: true);
        _origin = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0) & (Alignment - 1));
    }

    public int Length => _bytes.Length - Alignment;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Slice(int start, int length) => _bytes.AsSpan(_origin + start, length);

    /// <summary>A longer one with the same first bytes.</summary>
    public AlignedBytes Grow(int length, int used)
    {
        var grown = new AlignedBytes(length);
        Slice(0, used).CopyTo(grown.Slice(0, used));
        return grown;
    }
}
