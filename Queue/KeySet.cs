using System.Security.Cryptography;
using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// The keys that a topic ever accepted, each as the first 128 bits of its SHA-256: nobody can craft two URLs that collide,
/// so a key is refused only if it was accepted before. An open table with linear probing; keys are never taken out.
/// </summary>
internal sealed class KeySet
{
    private PagedArray<UInt128> _table = new(PagedArray<UInt128>.PageLength);
    private PagedArray<UInt128>? _frozen;

    public int Count { get; private set; }

    /// <summary>The sum of the keys' hashes, whatever order they came in.</summary>
    public ulong HashSum { get; private set; }

    /// <summary>The fingerprint of a key. Never zero, which marks an empty place.</summary>
    public static UInt128 Fingerprint(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
        return value == UInt128.Zero ? UInt128.One : value;
    }

    public bool Contains(UInt128 key) => _table[Place(key)] != UInt128.Zero;

    /// <summary>False if the key was there.</summary>
    public bool Add(UInt128 key)
    {
        Invariant.Check(key != UInt128.Zero && Count < QueueLimits.KeysMax);
        var place = Place(key);
        if (_table[place] != UInt128.Zero)
        {
            return false;
        }

        _table.Own(place) = key;
        Count++;
        HashSum += StateHash.Mix((ulong)key, (ulong)(key >> 64));
        if (Count > _table.Length / 4 * 3)
        {
            Grow();
        }

        return true;
    }

    /// <summary>All keys as they are now, in no particular order and with zeros between them, to be read until <see cref="Release"/>.</summary>
    public PagedArray<UInt128> Freeze()
    {
        _frozen = _table;
        return _table.Freeze();
    }

    public void Release()
    {
        // The table that was frozen may have been outgrown since.
        _frozen!.Release();
        _frozen = null;
    }

    private int Place(UInt128 key)
    {
        var mask = _table.Length - 1;
        var place = (int)(uint)key & mask;
        while (_table[place] != UInt128.Zero && _table[place] != key)
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        var old = _table;
        _table = new(old.Length * 2);
        for (var i = 0; i < old.Length; i++)
        {
            if (old[i] != UInt128.Zero)
            {
                _table.Own(Place(old[i])) = old[i];
            }
        }
    }
}
