namespace Wetware.Membership.Gossip;

/// <summary>
/// A part of a view, for finding where two views differ: the members whose short names start with the given digits (of four bits). It is
/// described by the fingerprints of its sixteen sub-parts, or, where it is small, by its digests.
/// </summary>
/// <param name="Depth">How many digits the members share.</param>
/// <param name="Prefix">Those digits.</param>
/// <param name="Prints">Sixteen fingerprints, or none if <paramref name="Digests"/> lists the part.</param>
/// <param name="Digests">The members of the part.</param>
public sealed record SyncRange(int Depth, ulong Prefix, IReadOnlyList<uint> Prints, IReadOnlyList<Digest> Digests)
{
    /// <summary>How many sub-parts a part has: one per digit.</summary>
    public const int FanOut = 16;

    /// <summary>Digits of a short name are four bits, so it has sixteen.</summary>
    public const int DepthMax = 16;

    internal bool Covers(ulong tail) => Depth == 0 || tail >> (64 - (4 * Depth)) == Prefix;

    internal int ChildOf(ulong tail) => (int)(tail >> (60 - (4 * Depth))) & (FanOut - 1);
}
