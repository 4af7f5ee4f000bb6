using System.Runtime.CompilerServices;
using Wetware.Core;

namespace Wetware.Raft;

/// <summary>
/// One place of the replicated log. The core passes payloads on by reference: it neither copies nor changes them, and
/// whoever hands bytes in must leave them unchanged for as long as the log may hold the entry. Memory that the garbage
/// collector owns always satisfies that.
/// </summary>
/// <param name="Term">The term of the leader that created the entry; zero in a proposal.</param>
/// <param name="Index">Its place in the log; zero in a proposal.</param>
/// <param name="Type">What the payload means.</param>
/// <param name="Data">The payload, never looked at unless it is a configuration change.</param>
public readonly record struct Entry(Term Term, LogIndex Index, EntryType Type, ReadOnlyMemory<byte> Data)
{
    /// <summary>A proposal of a state machine's command.</summary>
    public Entry(ReadOnlyMemory<byte> data)
        : this(default, default, EntryType.Normal, data)
    {
    }

    /// <summary>Whether the payload is a configuration change.</summary>
    public bool IsConfChange => Type is EntryType.ConfChange or EntryType.ConfChangeV2;

    /// <summary>
    /// What the entry counts against the limits on messages and on entries being applied, in bytes: its size in the
    /// protocol buffer encoding of etcd/raft, so that both cut batches at the same entry. There, a normal entry does not say its type.
    /// </summary>
    public ulong EncodedBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var bytes = (Type == EntryType.Normal ? 0UL : 2) + 1 + VarintBytes(Term.Value) + 1 + VarintBytes(Index.Value);
            return Data.Length == 0 ? bytes : bytes + 1 + VarintBytes((ulong)Data.Length) + (ulong)Data.Length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong VarintBytes(ulong value) => ((ulong)System.Numerics.BitOperations.Log2(value | 1) / 7) + 1;
}
