using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Capnp;
using Wetware.Core.Multiformats;
using Wetware.Membership.Gossip;
using Wetware.Core.Identity;
using Wetware.Membership.Routing;
using Wetware.Membership.Wire.Generated;

namespace Wetware.Membership.Wire;

/// <summary>Turns a record into a sealed heartbeat and back. The namespace is part of what is signed.</summary>
internal sealed class HeartbeatCodec(string ns) : IDisposable
{
    private static readonly ReaderLimits s_limits = new() { TraversalWordsMax = Limits.HeartbeatBytesMax, NestingMax = 4, SegmentsMax = 1 };

    private readonly string _domain = "ww-heartbeat/" + ns;
    private readonly MessageBuilder _builder = new();
    private readonly MessageReader _reader = new(s_limits);

    private static ReadOnlySpan<byte> PayloadType => [0x1f, 0x02];

    /// <summary>Seals a record.</summary>
    internal SignedRecord Seal(PeerKey key, in PeerRecord record, bool leave)
    {
        Invariant.Check(key.Peer == record.Peer);
        _builder.Reset();
        var heartbeat = _builder.InitRoot<Heartbeat.Builder>();
        heartbeat.Ttl = record.TtlMs;
        heartbeat.Server = record.Server.Value;
        heartbeat.Seq = record.Seq;
        heartbeat.Leaving = leave;
        if (record.Profile.Host is { } host)
        {
            heartbeat.SetHost(host.Bytes);
        }

        var labels = record.Profile.Meta;
        var meta = labels.Length > 0 ? heartbeat.InitMeta(labels.Length) : default;
        for (var i = 0; i < labels.Length; i++)
        {
            meta.SetText(i, labels[i].Bytes);
        }

        var addresses = record.Profile.Addresses;
        var addrs = addresses.Length > 0 ? heartbeat.InitAddrs(addresses.Length) : default;
        for (var i = 0; i < addresses.Length; i++)
        {
            addrs.SetData(i, addresses[i].Bytes);
        }

        var payload = new ArrayBufferWriter<byte>(256);
        _builder.WritePackedTo(payload);
        return new SignedRecord(record, Envelope.Seal(key, _domain, PayloadType, payload.WrittenSpan), leave) { Signer = key.Public };
    }

    /// <summary>
    /// Reads who claims to have sealed a heartbeat and which it claims to be, without paying for the check of the signature; false if it
    /// is malformed.
    /// </summary>
    internal bool TryPeek(ReadOnlySpan<byte> envelope, out PeerId peer, out ServerId server, out ulong seq)
    {
        (peer, server, seq) = (default, default, 0);
        if (envelope.Length > Limits.HeartbeatBytesMax || !Envelope.TrySplit(envelope, out var key, out _, out var payload, out _))
        {
            return false;
        }

        try
        {
            peer = PeerId.FromPublicKey(key);
            _reader.OpenPacked(payload.ToArray());
            var heartbeat = _reader.GetRoot<Heartbeat.Reader>();
            (server, seq) = (new ServerId(heartbeat.Server), heartbeat.Seq);
            return true;
        }
        catch (DecodeException)
        {
            // What is not a heartbeat has no name.
            return false;
        }
        finally
        {
            _reader.Close();
        }
    }

    /// <summary>Opens a sealed heartbeat; false if it is malformed, not signed by the peer it names, or beyond the limits.</summary>
    /// <param name="envelope">The sealed bytes; copied.</param>
    /// <param name="known">The profile that the peer had before, which is used again if it is still the same.</param>
    /// <param name="record">The record.</param>
    internal bool TryOpen(ReadOnlySpan<byte> envelope, Profile? known, [NotNullWhen(true)] out SignedRecord? record)
    {
        record = null;
        if (envelope.Length > Limits.HeartbeatBytesMax || !Envelope.TryOpen(envelope, _domain, PayloadType, out var opened, out _))
        {
            return false;
        }

        try
        {
            _reader.OpenPacked(opened.Payload);
            var heartbeat = _reader.GetRoot<Heartbeat.Reader>();
            if (ReadProfile(opened.Signer.Peer, heartbeat) is not { } profile)
            {
                return false;
            }

            var ttl = heartbeat.Ttl == 0 ? Limits.TtlMsDefault : Math.Min(heartbeat.Ttl, Limits.TtlMsMax);
            profile = known is not null && known.SaysTheSame(profile) ? known : profile;
            var said = new PeerRecord(profile, new ServerId(heartbeat.Server), heartbeat.Seq, ttl);
            record = new SignedRecord(said, envelope.ToArray(), heartbeat.Leaving) { Signer = opened.Signer };
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _builder.Dispose();
        _reader.Dispose();
    }

    private static Profile? ReadProfile(PeerId peer, Heartbeat.Reader heartbeat)
    {
        var labels = heartbeat.Meta;
        var addrs = heartbeat.Addrs;
        if (labels.Count > Limits.LabelsMax || addrs.Count > Limits.AddressesMax)
        {
            return null;
        }

        var meta = new ReadOnlyMemory<byte>[labels.Count];
        for (var i = 0; i < meta.Length; i++)
        {
            meta[i] = labels[i].Memory;
        }

        var addresses = new List<Multiaddr>(addrs.Count);
        for (var i = 0; i < addrs.Count; i++)
        {
            if (Multiaddr.TryFromBytes(addrs[i].Span, out var address))
            {
                addresses.Add(address);
            }
        }

        return Profile.TryCreate(peer, heartbeat.Host.Utf8, meta, addresses, out var profile, out _) ? profile : null;
    }
}
