using System.Numerics;

namespace Wetware.Fuzz.Linearizability;

/// <summary>Remembers what follows a state after a call: an open-addressing table from (state, call) to a state or to Illegal.</summary>
internal sealed class StepTable
{
    /// <summary>The answer for a pair not seen yet.</summary>
    public const int Unknown = -2;

    /// <summary>The answer for a call whose answer is wrong in the state.</summary>
    public const int Illegal = -1;

    private const ulong Vacant = ulong.MaxValue;

    private ulong[] _keys;
    private int[] _next;
    private int _count;

    public StepTable()
    {
        _keys = new ulong[1024];
        _next = new int[1024];
        Array.Fill(_keys, Vacant);
    }

    public void Clear()
    {
        Array.Fill(_keys, Vacant);
        _count = 0;
    }

    public int Find(int state, int call)
    {
        var key = Key(state, call);
        var keys = _keys;
        for (var at = Slot(key, keys.Length); ; at = (at + 1) & (keys.Length - 1))
        {
            if (keys[at] == key)
            {
                return _next[at];
            }

            if (keys[at] == Vacant)
            {
                return Unknown;
            }
        }
    }

    public void Add(int state, int call, int next)
    {
        if (_count >= _keys.Length / 2)
        {
            Grow();
        }

        Put(Key(state, call), next);
        _count++;
    }

    private static ulong Key(int state, int call) => ((ulong)(uint)state << 32) | (uint)call;

    private static int Slot(ulong key, int length) => (int)((key * 0x9E3779B97F4A7C15UL) >> (64 - BitOperations.Log2((uint)length)));

    private void Put(ulong key, int next)
    {
        var at = Slot(key, _keys.Length);
        while (_keys[at] != Vacant)
        {
            at = (at + 1) & (_keys.Length - 1);
        }

        _keys[at] = key;
        _next[at] = next;
    }

    private void Grow()
    {
        var (keys, next) = (_keys, _next);
        _keys = new ulong[keys.Length * 2];
        _next = new int[keys.Length * 2];
        Array.Fill(_keys, Vacant);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != Vacant)
            {
                Put(keys[i], next[i]);
            }
        }
    }
}
