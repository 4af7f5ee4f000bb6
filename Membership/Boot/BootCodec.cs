using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Wetware.Core;
using Wetware.Capnp;
using Wetware.Core.Identity;
using Wetware.Membership.Wire.Generated;

namespace Wetware.Membership.Boot;

/// <summary>Turns boot packets into sealed datagrams and back, byte for byte as Wetware does.</summary>
public sealed class BootCodec : IDisposable
{
    /// <summary>What a boot packet is signed for.</summary>
    public const string Domain = "casm-boot-record";

    private static readonly ReaderLimits s_limits =
        new() { TraversalWordsMax = Limits.BootDatagramBytesMax, NestingMax = 4, SegmentsMax = 1 };

    private readonly MessageBuilder _builder = new();
    private readonly MessageReader _reader = new(s_limits);

    private static ReadOnlySpan<byte> PayloadType => [0x1f, 0x00];

    /// <summary>Seals a packet.</summary>
    /// <exception cref="MembershipException">It does not fit a datagram.</exception>
    public byte[] Seal(PeerKey key, BootPacket packet)
    {
        Invariant.Check(packet.Peer == key.Peer);
        var sealedBytes = Envelope.Seal(key, Domain, PayloadType, Encode(packet));
        return sealedBytes.Length <= Limits.BootDatagramBytesMax
            ? sealedBytes
            : throw new MembershipException($"a boot packet of {sealedBytes.Length} bytes does not fit {Limits.BootDatagramBytesMax}");
    }

    /// <summary>Whether a datagram has the form of a boot packet, without a look at its signature: what tells it from a frame of the gossip protocol.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> datagram) =>
        datagram.Length <= Limits.BootDatagramBytesMax && Envelope.TrySplit(datagram, out _, out var type, out _, out _) && type.SequenceEqual(PayloadType);

    /// <summary>Opens a datagram; false, with a reason, unless it is a boot packet that the peer it names has signed.</summary>
    public bool TryOpen(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out BootPacket? packet, out BootFault fault)
    {
        packet = null;
        fault = BootFault.Oversized;
        if (datagram.Length > Limits.BootDatagramBytesMax)
        {
            return false;
        }

        if (!Envelope.TryOpen(datagram, Domain, PayloadType, out var envelope, out var envelopeFault))
        {
            fault = envelopeFault == EnvelopeFault.BadSignature ? BootFault.Forged : BootFault.Malformed;
            return false;
        }

        if (!TryDecode(envelope.Payload, out var decoded))
        {
            fault = BootFault.Malformed;
            return false;
        }

        if (decoded.Peer != envelope.Signer.Peer)
        {
            fault = BootFault.Forged;
            return false;
        }

        (packet, fault) = (decoded, BootFault.None);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _builder.Dispose();
        _reader.Dispose();
    }

    /// <summary>The payload of a packet: packed.</summary>
    internal byte[] Encode(BootPacket packet)
    {
        _builder.Reset();
        var wire = _builder.InitRoot<Packet.Builder>();
        wire.SetNamespace(Encoding.UTF8.GetBytes(packet.Namespace));
        switch (packet.Kind)
        {
            case BootPacketKind.Request:
                wire.InitRequest().SetFrom(packet.Peer.Bytes);
                break;
            case BootPacketKind.Survey:
                var survey = wire.InitSurvey();
                survey.SetFrom(packet.Peer.Bytes);
                survey.Distance = packet.Distance;
                break;
            default:
                Respond(wire.InitResponse(), packet);
                break;
        }

        var output = new ArrayBufferWriter<byte>(256);
        _builder.WritePackedTo(output);
        return output.WrittenSpan.ToArray();
    }

    internal bool TryDecode(ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out BootPacket? packet)
    {
        packet = null;
        try
        {
            _reader.OpenPacked(payload);
            var wire = _reader.GetRoot<Packet.Reader>();
            var ns = wire.Namespace.Utf8;
            var from = wire.Which switch
            {
                Packet.Which.Request => wire.Request.From,
                Packet.Which.Survey => wire.Survey.From,
                Packet.Which.Response => wire.Response.Peer,
                _ => default,
            };
            if (!PeerId.TryFromBytes(from.Utf8, out var peer)
                || ns.Length > Limits.NamespaceBytesMax
                || !System.Text.Unicode.Utf8.IsValid(ns)
                || !TryAddresses(wire, out var addresses))
            {
                return false;
            }

            var distance = wire.Which == Packet.Which.Survey ? wire.Survey.Distance : (byte)0;
            packet = new BootPacket((BootPacketKind)wire.Which, Encoding.UTF8.GetString(ns), peer, distance, addresses);
            return true;
        }
        catch (DecodeException)
        {
            // Signed nonsense is still nonsense.
            return false;
        }
        finally
        {
            _reader.Close();
        }
    }

    private static void Respond(Packet.Response.Builder response, BootPacket packet)
    {
        response.SetPeer(packet.Peer.Bytes);
        var addrs = response.InitAddrs(packet.Addresses.Count);
        for (var i = 0; i < packet.Addresses.Count; i++)
        {
            addrs.SetData(i, packet.Addresses[i].Span);
        }
    }

    private static bool TryAddresses(Packet.Reader wire, out ReadOnlyMemory<byte>[] addresses)
    {
        addresses = [];
        if (wire.Which != Packet.Which.Response)
        {
            return true;
        }

        var addrs = wire.Response.Addrs;
        if (addrs.Count > Limits.AddressesMax)
        {
            return false;
        }

        addresses = new ReadOnlyMemory<byte>[addrs.Count];
        for (var i = 0; i < addresses.Length; i++)
        {
            addresses[i] = addrs[i].ToArray();
        }

        return true;
    }
}
