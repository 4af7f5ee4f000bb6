namespace Wetware.Membership.Gossip;

/// <summary>A record's name without the record: twelve bytes for what takes three hundred.</summary>
/// <param name="Tail">The short name of the peer.</param>
/// <param name="SeqLow">The low half of the record's number, which is enough to tell one from the next.</param>
public readonly record struct Digest(ulong Tail, uint SeqLow)
{
    internal static Digest Of(SignedRecord record) => new(record.Tail, (uint)record.Record.Seq);

    internal bool Names(SignedRecord record) => Tail == record.Tail && SeqLow == (uint)record.Record.Seq;
}
