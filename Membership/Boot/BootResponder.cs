using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Core.Identity;

namespace Wetware.Membership.Boot;

/// <summary>
/// Answers boot packets for one node, without I/O: its own packets, forged ones, and those of other namespaces are ignored and counted,
/// an advertisement counts for its time, answers are limited in rate, and a sealed answer is used again until the addresses change.
/// </summary>
public sealed class BootResponder : IDisposable
{
    /// <summary>How long an advertisement counts unless it says otherwise, in milliseconds: two minutes, as in Wetware.</summary>
    public const ulong AdvertiseMsDefault = 120_000;

    private const long AnswersPerSecond = 32;
    private const long AnswersBurst = 8;

    private readonly PeerKey _key;
    private readonly BootCodec _codec = new();
    private readonly Dictionary<string, ulong> _advertised = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _sealed = new(StringComparer.Ordinal);
    private IReadOnlyList<Multiaddr> _addresses = [];
    private TokenBucket _limit;

    /// <summary>A responder that advertises nothing yet.</summary>
    public BootResponder(PeerKey key, ulong now)
    {
        _key = key;
        _limit = new TokenBucket(AnswersPerSecond, AnswersBurst, TimeSpan.FromMilliseconds((long)now));
    }

    /// <summary>Packets that were not believed.</summary>
    public long Refused { get; private set; }

    /// <summary>Packets that were this node's own, or of a namespace that it does not advertise, or too far away.</summary>
    public long Ignored { get; private set; }

    /// <summary>Answers that were not given because too many had been asked for.</summary>
    public long Throttled { get; private set; }

    /// <summary>Says where this node listens from now on. Answers that were sealed before are forgotten.</summary>
    public void SetAddresses(IReadOnlyList<Multiaddr> addresses)
    {
        _addresses = addresses;
        _sealed.Clear();
    }

    /// <summary>Answers questions about a namespace for a time.</summary>
    /// <returns>For how long, in milliseconds.</returns>
    /// <exception cref="MembershipException">There are no addresses to answer with, or too many namespaces.</exception>
    public ulong Advertise(string ns, ulong now, ulong ttlMs = AdvertiseMsDefault)
    {
        if (_addresses.Count == 0)
        {
            throw new MembershipException("no listen addresses to advertise");
        }

        if (_advertised.Count >= Limits.NamespacesMax && !_advertised.ContainsKey(ns))
        {
            throw new MembershipException($"more than {Limits.NamespacesMax} namespaces are advertised");
        }

        _advertised[ns] = now + ttlMs;
        return ttlMs;
    }

    /// <summary>
    /// Takes in a datagram. Returns whether and where to send <paramref name="answer"/>; <paramref name="packet"/> is what it said, if it
    /// is to be believed and not this node's own.
    /// </summary>
    public BootSend Receive(ReadOnlySpan<byte> datagram, ulong now, out BootPacket? packet, out byte[]? answer)
    {
        answer = null;
        if (!_codec.TryOpen(datagram, out packet, out _))
        {
            Refused++;
            return BootSend.Nothing;
        }

        if (packet.Peer == _key.Peer)
        {
            Ignored++;
            packet = null;
            return BootSend.Nothing;
        }

        if (packet.Kind == BootPacketKind.Response)
        {
            return BootSend.Nothing;
        }

        var asked = packet.Kind == BootPacketKind.Request || SurveyRule.Answers(_key.Peer, packet.Peer, packet.Distance);
        if (!asked || !IsAdvertised(packet.Namespace, now))
        {
            Ignored++;
            return BootSend.Nothing;
        }

        if (!_limit.TryTake(1, TimeSpan.FromMilliseconds((long)now)))
        {
            Throttled++;
            return BootSend.Nothing;
        }

        answer = Answer(packet.Namespace);
        return packet.Kind == BootPacketKind.Survey ? BootSend.ToGroup : BootSend.ToSender;
    }

    /// <summary>A sealed question.</summary>
    public byte[] Ask(BootPacketKind kind, string ns, byte distance) =>
        _codec.Seal(_key, new BootPacket(kind, ns, _key.Peer, distance, []));

    /// <summary>
    /// The addresses of a response that are of known protocols, each ending in the peer that signed it; none if it is of another namespace.
    /// </summary>
    public static IEnumerable<Multiaddr> Addresses([NotNull] BootPacket response, string ns)
    {
        if (response.Kind != BootPacketKind.Response || response.Namespace != ns)
        {
            yield break;
        }

        foreach (var bytes in response.Addresses)
        {
            if (!Multiaddr.TryFromBytes(bytes.Span, out var address))
            {
                continue;
            }

            if (address.Peer.IsNone)
            {
                // In text a Unix path takes the rest of an address, so no peer can follow it.
                yield return address.TryFind(MultiaddrProtocol.Unix, out _) ? address : address.Append(Multiaddr.Parse("/p2p/" + response.Peer));
            }
            else if (address.Peer == response.Peer)
            {
                yield return address;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _codec.Dispose();

    private bool IsAdvertised(string ns, ulong now)
    {
        if (!_advertised.TryGetValue(ns, out var until))
        {
            return false;
        }

        if (now < until)
        {
            return true;
        }

        _advertised.Remove(ns);
        _sealed.Remove(ns);
        return false;
    }

    private byte[] Answer(string ns)
    {
        if (!_sealed.TryGetValue(ns, out var answer))
        {
            var addresses = new ReadOnlyMemory<byte>[Math.Min(_addresses.Count, Limits.AddressesMax)];
            for (var i = 0; i < addresses.Length; i++)
            {
                addresses[i] = _addresses[i].Bytes.ToArray();
            }

            answer = _codec.Seal(_key, new BootPacket(BootPacketKind.Response, ns, _key.Peer, 0, addresses));
            _sealed[ns] = answer;
        }

        return answer;
    }
}
