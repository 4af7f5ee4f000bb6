using Wetware.Core;

namespace Wetware.Membership.Routing;

/// <summary>
/// What one heartbeat said: which start of which peer, how long to believe it, and the peer's profile.
/// </summary>
/// <param name="Profile">The peer and what it says of itself.</param>
/// <param name="Server">Which start of the peer's process.</param>
/// <param name="Seq">The number of the heartbeat. A process starts it from the clock, so that a restart continues above it.</param>
/// <param name="TtlMs">For how many milliseconds the heartbeat counts.</param>
public readonly record struct PeerRecord(Profile Profile, ServerId Server, ulong Seq, uint TtlMs)
{
    /// <summary>The peer.</summary>
    public PeerId Peer => Profile.Peer;

    /// <summary>
    /// The one rule for which of two records of a peer wins: the higher number, and of equal numbers the higher server id. It is a strict
    /// total order on (seq, server), so whatever order records arrive in, every table ends with the same one.
    /// </summary>
    /// <returns>Positive if the first wins, negative if the second does, zero if they are the same heartbeat.</returns>
    public static int CompareAge(ulong seq, ServerId server, ulong otherSeq, ServerId otherServer)
    {
        var order = seq.CompareTo(otherSeq);
        return order != 0 ? order : server.CompareTo(otherServer);
    }

    /// <summary>Whether this record takes the place of <paramref name="other"/>, by <see cref="CompareAge"/>.</summary>
    public bool Supersedes(in PeerRecord other)
    {
        Invariant.Check(Peer == other.Peer);
        return CompareAge(Seq, Server, other.Seq, other.Server) > 0;
    }

    /// <summary>Whether another record says the same of the same start of the same peer; the number of its heartbeat aside.</summary>
    public bool SaysTheSame(in PeerRecord other) =>
        Server == other.Server && TtlMs == other.TtlMs && (ReferenceEquals(Profile, other.Profile) || Profile.SaysTheSame(other.Profile));
}
