using System.Numerics;
using System.Runtime.InteropServices;
using Wetware.Core;

namespace Wetware.Queue;

/// <summary>
/// Holds payloads and kept replies outside the garbage collector's sight: blocks of powers of two, cut from chunks of one
/// mebibyte, with a free list per size. Where a block lies is no part of the replicated state.
/// Invariant: a free block's first eight bytes name the next free block of its size.
/// </summary>
internal sealed class Arena
{
    private const int SmallestLog = 6;
    private const int SizeCount = 15;
    private const ulong NoBlock = 0;

    private readonly List<byte[]> _chunks;
    private readonly List<Block> _retired = [];
    private bool _isFrozen;
    private readonly ulong[] _free = new ulong[SizeCount];
    private readonly ulong[] _fresh = new ulong[SizeCount];

    static Arena()
    {
        Invariant.Check(1 << SmallestLog == Limits.ArenaBlockBytesMin);
        Invariant.Check(1 << (SmallestLog + SizeCount - 1) == Limits.ArenaChunkBytes);
    }

    public Arena() => _chunks = [];

    private Arena(List<byte[]> chunks) => _chunks = chunks;

    /// <summary>Bytes stored, without the slack of their blocks.</summary>
    public long BytesUsed { get; private set; }

    /// <summary>Copies <paramref name="bytes"/> in. The block lives until <see cref="Free"/>.</summary>
    public Block Store(ReadOnlySpan<byte> bytes)
    {
        Invariant.Check(bytes.Length <= Limits.ArenaChunkBytes);
        if (bytes.IsEmpty)
        {
            return Block.Empty;
        }

        var size = SizeOf(bytes.Length);
        var place = Take(size);
        var block = new Block((int)(place >> 32) - 1, (int)(uint)place, bytes.Length);
        bytes.CopyTo(_chunks[block.Chunk].AsSpan(block.Start));
        BytesUsed += bytes.Length;
        return block;
    }

    /// <summary>The stored bytes, valid until the block is freed.</summary>
    public ReadOnlySpan<byte> Read(in Block block) =>
        block.Length == 0 ? [] : _chunks[block.Chunk].AsSpan(block.Start, block.Length);

    /// <summary>Gives the block back. It must not be used again.</summary>
    public void Free(in Block block)
    {
        if (block.Length == 0)
        {
            return;
        }

        BytesUsed -= block.Length;
        Invariant.Check(BytesUsed >= 0);
        if (_isFrozen)
        {
            _retired.Add(block);
        }
        else
        {
            Recycle(block);
        }
    }

    /// <summary>What is stored now, to be read until <see cref="Release"/> on any thread: blocks that are given back until then are not used again before.</summary>
    public Arena Freeze()
    {
        Invariant.Check(!_isFrozen);
        _isFrozen = true;
        return new([.. _chunks]);
    }

    /// <summary>Nobody reads the frozen copy any more.</summary>
    public void Release()
    {
        Invariant.Check(_isFrozen);
        _isFrozen = false;
        foreach (ref readonly var block in CollectionsMarshal.AsSpan(_retired))
        {
            Recycle(block);
        }

        _retired.Clear();
    }

    private void Recycle(in Block block)
    {
        var size = SizeOf(block.Length);
        var head = _chunks[block.Chunk].AsSpan(block.Start, sizeof(ulong));
        MemoryMarshal.Write(head, _free[size]);
        _free[size] = Place(block.Chunk, block.Start);
    }

    private static int SizeOf(int length) => Math.Max(0, 32 - BitOperations.LeadingZeroCount((uint)(length - 1)) - SmallestLog);

    // The chunk is counted from one so that zero can mean no block.
    private static ulong Place(int chunk, int start) => ((ulong)(chunk + 1) << 32) | (uint)start;

    private ulong Take(int size)
    {
        var place = _free[size];
        if (place != NoBlock)
        {
            var chunk = _chunks[(int)(place >> 32) - 1];
            _free[size] = MemoryMarshal.Read<ulong>(chunk.AsSpan((int)(uint)place));
            return place;
        }

        place = _fresh[size];
        if (place == NoBlock)
        {
            _chunks.Add(GC.AllocateUninitializedArray<byte>(Limits.ArenaChunkBytes));
            place = Place(_chunks.Count - 1, 0);
        }

        // The next fresh block follows in the same chunk, until the chunk is used up.
        var next = (uint)place + (1u << (size + SmallestLog));
        _fresh[size] = next == Limits.ArenaChunkBytes ? NoBlock : (place & ~0xFFFF_FFFFUL) | next;
        return place;
    }
}
