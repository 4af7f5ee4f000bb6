using System.Numerics;
using Wetware.Core;

namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// The configurations a search has met, each a few words: first return not yet satisfied and state, slots linearized ahead
/// of it, open operations linearized. One that used more open operations than another, all else equal, can do nothing the
/// other cannot, and is refused.
/// </summary>
internal sealed class Configurations
{
    private ulong[] _words = new ulong[4096];
    private int[] _chain = new int[1024];
    private int[] _buckets = new int[1024];
    private int _keyWords;

    public int Count { get; private set; }

    /// <summary>Words of one configuration.</summary>
    public int Stride { get; private set; }

    /// <summary>Whether another one may be added within the limit.</summary>
    public bool HasRoom => (long)(Count + 1) * Stride <= Limits.ConfigurationWordsMax;

    public void Reset(int keyWords, int openWords)
    {
        _keyWords = keyWords;
        Stride = keyWords + openWords;
        Count = 0;
        Array.Fill(_buckets, -1);
    }

    /// <summary>One met before; valid until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<ulong> this[int id] => _words.AsSpan(id * Stride, Stride);

    /// <summary>Takes a configuration; returns its id, or -1 where one at least as good was met.</summary>
    public int Add(ReadOnlySpan<ulong> configuration)
    {
        Invariant.Check(configuration.Length == Stride, "a configuration of another search");
        var hash = Hash(configuration[.._keyWords]);
        for (var id = _buckets[hash & (_buckets.Length - 1)]; id >= 0; id = _chain[id])
        {
            if (Covers(this[id], configuration))
            {
                return -1;
            }
        }

        if (Count == _chain.Length)
        {
            Grow();
        }

        if ((Count + 1) * Stride > _words.Length)
        {
            Array.Resize(ref _words, Math.Max(_words.Length * 2, (Count + 1) * Stride));
        }

        configuration.CopyTo(_words.AsSpan(Count * Stride));
        Link(Count, hash);
        return Count++;
    }

    private bool Covers(ReadOnlySpan<ulong> met, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < _keyWords; i++)
        {
            if (met[i] != other[i])
            {
                return false;
            }
        }

        for (var i = _keyWords; i < met.Length; i++)
        {
            if ((met[i] & ~other[i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int Hash(ReadOnlySpan<ulong> key)
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var word in key)
        {
            hash = BitOperations.RotateLeft((hash ^ word) * 0xD6E8FEB86659FD93UL, 29);
        }

        return (int)(hash ^ (hash >> 32));
    }

    private void Link(int id, int hash)
    {
        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _chain[id] = bucket;
        bucket = id;
    }

    private void Grow()
    {
        Array.Resize(ref _chain, _chain.Length * 2);
        _buckets = new int[_chain.Length];
        Array.Fill(_buckets, -1);
        for (var id = 0; id < Count; id++)
        {
            Link(id, Hash(this[id][.._keyWords]));
        }
    }
}
