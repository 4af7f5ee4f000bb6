using Wetware.Core;
using Wetware.Membership.Routing;

namespace Wetware.Bench.Membership;

/// <summary>Records that two processes make up alike: a host and two labels each.</summary>
internal static class TestRecords
{
    public static PeerRecord[] Make(int count, int generation = 0)
    {
        var prng = new Prng(1);
        var records = new PeerRecord[count];
        var key = new byte[64];
        for (var i = 0; i < count; i++)
        {
            BitConverter.TryWriteBytes(key, i);
            string[] meta = [$"region=r{(i + generation) % 10}", $"rack={(i + generation) % 500}"];
            var profile = Profile.Create(PeerId.FromPublicKey(key), $"host-{generation}-{i}", meta, []);
            records[i] = new PeerRecord(profile, Server(ref prng, generation), 1, 10_000);
        }

        return records;
    }

    /// <summary>All server ids of so many records, added up: what tells whether they all arrived.</summary>
    public static ulong ServerSum(int count)
    {
        var prng = new Prng(1);
        var sum = 0UL;
        for (var i = 0; i < count; i++)
        {
            sum += Server(ref prng, 0).Value;
        }

        return sum;
    }

    private static ServerId Server(ref Prng prng, int generation) => new(prng.Next() + (ulong)generation);
}
