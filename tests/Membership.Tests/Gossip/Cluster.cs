using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Membership.Gossip;
using Wetware.Core.Identity;
using Wetware.Membership.Routing;

namespace Wetware.Membership.Tests.Gossip;

/// <summary>A few endpoints with real keys, joined by a network that delivers at once or, if asked, loses, repeats and changes frames.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly List<PeerKey> _keys = [];
    private Prng _prng;

    internal Cluster(ulong seed) => _prng = new Prng(seed);

    internal List<GossipEndpoint?> Nodes { get; } = [];

    internal ulong Now { get; private set; } = 5_000;

    internal double Loss { get; set; }

    /// <summary>Sees every frame that is sent, and says what arrives instead; null loses it.</summary>
    internal Func<byte[], byte[]?>? Tamper { get; set; }

    public void Dispose()
    {
        Nodes.ForEach(n => n?.Dispose());
        _keys.ForEach(k => k.Dispose());
    }

    internal GossipEndpoint Start(int number, int? seed = null, string ns = "ww", string[]? meta = null, ulong? server = null)
    {
        while (_keys.Count <= number)
        {
            _keys.Add(NewKey());
            Nodes.Add(null);
        }

        var key = _keys[number];
        var profile = Profile.Create(key.Peer, $"host-{number}", meta ?? [$"n={number}"], [Address(number)]);
        var identity = new GossipIdentity
        {
            Key = key,
            Namespace = ns,
            Server = new ServerId(server ?? _prng.Next()),
            Profile = profile,
            FirstSeq = Now * 1_000,
        };
        var node = new GossipEndpoint(identity, GossipOptions.Default, _prng.Next(), Now);
        Nodes[number]?.Dispose();
        Nodes[number] = node;
        if (seed is not null)
        {
            node.AddSeed(Address(seed.Value));
        }

        return node;
    }

    internal PeerId Peer(int number) => _keys[number].Peer;

    internal PeerKey Key(int number) => _keys[number];

    internal void Run(int milliseconds)
    {
        for (var end = Now + (ulong)milliseconds; Now < end;)
        {
            Now += 50;
            foreach (var node in Nodes)
            {
                node?.Tick(Now);
            }

            Deliver();
        }
    }

    internal bool RunUntil(Func<bool> holds, int limitMs)
    {
        for (var end = Now + (ulong)limitMs; Now < end && !holds();)
        {
            Run(50);
        }

        return holds();
    }

    internal bool IsWhole(int count) => Nodes.TrueForAll(n => n is null || (n.Node.Count == count && n.Table.Count == count));

    internal static Multiaddr Address(int number) =>
        Multiaddr.Parse(string.Create(CultureInfo.InvariantCulture, $"/ip4/127.0.0.1/tcp/{2020 + number}"));

    // From the seed, as all else: who is whose neighbour follows from the ids of the peers, and so from their keys.
    private PeerKey NewKey()
    {
        var secret = new byte[32];
        for (var at = 0; at < secret.Length; at += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(secret.AsSpan(at), _prng.Next() >> 1);
        }

        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
        return PeerKey.FromPem(key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Hands frames over until nobody has any.</summary>
    private void Deliver()
    {
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var node in Nodes.ToArray())
            {
                while (node is not null && node.TryTakeOutgoing(out var frame))
                {
                    moved = true;
                    var address = frame.Address ?? frame.To!.Addresses[0];
                    var at = Nodes.FindIndex(n => n is not null && address.Equals(n.Node.Own.Record.Profile.Addresses[0]));
                    var bytes = frame.Bytes.ToArray();
                    var arrives = Tamper is null ? bytes : Tamper(bytes);
                    if (at >= 0 && arrives is not null && !_prng.Chance(Loss))
                    {
                        Nodes[at]!.Receive(arrives, Now);
                    }
                }
            }
        }
    }
}
