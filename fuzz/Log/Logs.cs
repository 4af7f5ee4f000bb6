using Wetware.Core;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Log;

/// <summary>What the tests and the fuzzer of the log share: small folders, entries, and what a log shows.</summary>
internal static class Logs
{
    public static readonly LogIdentity Identity = new(7, new(3), 0xfeed);

    public static readonly LogOptions Small = new() { Identity = Identity, SegmentBytes = 64 * 512, SectorBytes = 512, CacheBytes = 256 };

    public static Entry Entry(ulong term, ulong index, int bytes = 16) =>
        new(new(term), new(index), EntryType.Normal, Payload(term, index, bytes));

    public static byte[] Payload(ulong term, ulong index, int bytes)
    {
        var payload = new byte[bytes];
        new Prng((term << 32) ^ index).Fill(payload);
        return payload;
    }

    public static void Append(this GroupLog group, ulong term, ulong from, ulong to, int bytes = 16)
    {
        for (var index = from; index <= to; index++)
        {
            group.Append([Entry(term, index, bytes)]);
        }
    }

    /// <summary>Term and payload length of each readable entry, checked to be the payload that was appended.</summary>
    public static List<(ulong Index, ulong Term, int Bytes)> Dump(GroupLog group)
    {
        var buffer = new EntryBuffer();
        var dump = new List<(ulong, ulong, int)>();
        for (var index = group.FirstIndex; index <= group.LastIndex; index = index.Next)
        {
            buffer.Clear();
            if (group.Entries(index, index.Next, 0, buffer) != LogRead.Ok)
            {
                break;
            }

            var entry = buffer[0];
            if (buffer.Count != 1
                || entry.Index != index
                || !entry.Data.Span.SequenceEqual(Payload(entry.Term.Value, index.Value, entry.Data.Length))
                || group.Term(index, out var term) != LogRead.Ok
                || term != entry.Term)
            {
                throw new InvalidOperationException($"entry {index} of group {group.Id} is not the one that was appended");
            }

            dump.Add((index.Value, entry.Term.Value, entry.Data.Length));
        }

        return dump;
    }
}
