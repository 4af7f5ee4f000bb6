using System.Buffers.Binary;
using Wetware.Core;
using Wetware.Membership.Gossip;
using Wetware.Membership.Tests.Gossip;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Pex;

/// <summary>What a node remembers over restarts, and what comes of it.</summary>
public sealed class RememberedPeersTests : IDisposable
{
    private const int Count = 6;
    private readonly Cluster _cluster = new(Property.Seed());

    public RememberedPeersTests()
    {
        for (var n = 0; n < Count; n++)
        {
            _cluster.Start(n, seed: 0);
        }

        Assert.True(_cluster.RunUntil(() => _cluster.IsWhole(Count), 5_000));
        _cluster.Run(40_000);
    }

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void A_cluster_that_was_stopped_whole_finds_itself_with_nothing_but_what_its_nodes_remember()
    {
        var files = _cluster.Nodes.Select(node => node!.Remembered()).ToList();
        for (var n = 0; n < Count; n++)
        {
            Assert.Equal(Count - 1, _cluster.Nodes[n]!.Remembers);
            var node = _cluster.Start(n);
            Assert.True(node.TryRemember(files[n], out var addresses, out _));
            Assert.Equal(Count - 1, addresses.Count);
        }

        Assert.True(_cluster.RunUntil(() => _cluster.IsWhole(Count), 10_000));
    }

    [Fact]
    public void One_that_comes_back_when_its_seed_and_most_others_are_gone_finds_who_is_left()
    {
        var file = _cluster.Nodes[1]!.Remembered();
        for (var n = 0; n < Count - 1; n++)
        {
            _cluster.Nodes[n]!.Dispose();
            _cluster.Nodes[n] = null;
        }

        var node = _cluster.Start(1, seed: 0);
        Assert.True(node.TryRemember(file, out _, out _));
        Assert.True(_cluster.RunUntil(() => _cluster.Nodes[Count - 1]!.Node.TryGet(node.Node.Own.Tail, out var met) && met!.Record.Server == node.Node.Own.Record.Server, 10_000));
        Assert.True(_cluster.RunUntil(() => _cluster.IsWhole(2), 60_000));
    }

    [Fact]
    public void A_file_that_was_damaged_anywhere_is_refused_whole_with_a_reason()
    {
        var file = _cluster.Nodes[1]!.Remembered();
        var node = _cluster.Start(1);
        for (var at = 0; at < file.Length; at += 7)
        {
            var damaged = file.ToArray();
            damaged[at] ^= 0x10;
            Assert.False(node.TryRemember(damaged, out _, out var error));
            Assert.NotEmpty(error);
            Assert.False(node.TryRemember(file.AsMemory(0, at), out _, out error));
        }

        Assert.False(node.TryRemember(new byte[Limits.PexFileBytesMax + 1], out _, out _));
        Assert.Equal(0, node.Remembers);
    }

    [Fact]
    public void A_record_that_its_peer_did_not_sign_is_passed_over_even_if_the_checksum_is_right()
    {
        var prng = new Prng(Property.Seed());
        var file = _cluster.Nodes[1]!.Remembered();
        for (var round = 0; round < 200; round++)
        {
            var changed = file.ToArray();
            changed[12 + (int)prng.Below((ulong)file.Length - 12)] ^= (byte)(1 + prng.Below(255));
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(8), Crc32C.Of(changed.AsSpan(12)));
            using var fresh = _cluster.Start(1);
            fresh.TryRemember(changed, out _, out _);
            for (var i = 0; i < fresh.Remembers; i++)
            {
                var tail = fresh.Node.Sample[i].Record.Tail;
                Assert.Contains(_cluster.Nodes, other => other!.Node.Own.Tail == tail && other.Node.Own.Record.Seq == fresh.Node.Sample[i].Record.Record.Seq);
            }
        }

        _cluster.Nodes[1] = null;
    }

    [Fact]
    public void The_peers_of_another_cluster_are_nobody()
    {
        var file = _cluster.Nodes[1]!.Remembered();
        var node = _cluster.Start(1, ns: "other");
        Assert.True(node.TryRemember(file, out var addresses, out _));
        Assert.Equal((0, 0), (addresses.Count, node.Remembers));
    }
}
