using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Membership.Routing;

namespace Wetware.Membership.Gossip;

/// <summary>
/// A record together with the envelope that its peer sealed it in, so that whoever has it can hand it on and nobody needs to trust the
/// hands it went through. Immutable. Invariant: the envelope was opened and its signer is the record's peer.
/// </summary>
/// <param name="Record">What the peer said.</param>
/// <param name="Envelope">The signed bytes.</param>
/// <param name="IsLeave">Whether the peer said that it is going.</param>
public sealed record SignedRecord(PeerRecord Record, ReadOnlyMemory<byte> Envelope, bool IsLeave)
{
    /// <summary>The key that sealed it; null only where nothing is sealed, in simulation.</summary>
    public PublicKey? Signer { get; init; }

    /// <summary>The short name of the peer in frames.</summary>
    public ulong Tail { get; } = Record.Peer.Tail;

    /// <summary>What this record adds to the fingerprint of a view: sixty-four bits that depend on peer, start and number.</summary>
    internal ulong Print => Mix(Mix(Mix(Tail) + Record.Seq) + Record.Server.Value);

    /// <summary>Whether this takes the place of <paramref name="other"/>, by the one rule.</summary>
    internal bool Supersedes(SignedRecord other) => Record.Supersedes(other.Record);

    /// <summary>Spreads every bit of a number over all bits of the result (the finalizer of splitmix64).</summary>
    internal static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
