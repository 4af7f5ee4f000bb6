using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Membership.Gossip;
using Wetware.Membership.Routing;

namespace Wetware.Fuzz.Membership;

/// <summary>The identity of a simulated node: a real profile, and an envelope of real size that nobody needs to check.</summary>
internal sealed class SimSelf : ISelf
{
    /// <summary>What a P-256 envelope adds to its payload: key 97, type 4, lengths 4, signature 73.</summary>
    private const int SealBytes = 178;

    private static readonly byte[] s_envelope = Noise();

    private readonly Profile _profile;
    private readonly ServerId _server;

    internal SimSelf(int number, int start, ServerId server)
    {
        var key = new byte[64];
        BitConverter.TryWriteBytes(key, number);
        Address = AddressOf(number);
        var host = $"host-{number:00000}";
        string[] meta = [$"region=r{number % 8}", "role=worker"];
        _profile = Profile.Create(PeerId.FromPublicKey(key), host, meta, [Address]);
        _server = server;
        Invariant.Check(start >= 0);
    }

    internal Multiaddr Address { get; }

    public SignedRecord Seal(ulong seq, bool leave) =>
        // The payload packs host, two labels, an address, ttl, server and number into about ninety bytes.
        new(new PeerRecord(_profile, _server, seq, 10_000), s_envelope.AsMemory(0, SealBytes + 92), leave);

    internal static Multiaddr AddressOf(int number) => Multiaddr.Parse($"/ip4/10.{number >> 16}.{(number >> 8) & 255}.{number & 255}/tcp/2020");

    /// <summary>Bytes that packing cannot shorten, as keys and signatures are.</summary>
    private static byte[] Noise()
    {
        var bytes = new byte[1024];
        new Prng(1).Fill(bytes);
        return bytes;
    }
}
