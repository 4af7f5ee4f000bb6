using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Wetware.Core;
using Wetware.Membership.Gossip;
using Wetware.Core.Identity;

namespace Wetware.Membership.Wire;

/// <summary>
/// Proves to a member who a frame is from: a tag under a secret that only the two can compute from their keys, for these starts of their
/// processes and this namespace. It costs one key agreement per pair and a hash per frame, where a signature per frame would cost
/// both sides a hundred microseconds and seventy bytes.
/// </summary>
internal sealed class FrameSeal(PeerKey key, string ns, ServerId server)
{
    /// <summary>The length of a tag, in bytes: 128 bits.</summary>
    internal const int TagBytes = 16;

    private readonly Dictionary<ulong, PairChannel> _channels = [];
    private readonly byte[] _namespace = Encoding.UTF8.GetBytes(ns);

    /// <summary>The channel to a member; null if its key is one that cannot agree on a secret.</summary>
    internal PairChannel? Channel(SignedRecord member)
    {
        if (_channels.TryGetValue(member.Tail, out var channel) && channel.Theirs == member.Record.Server)
        {
            return channel;
        }

        Span<byte> purpose = stackalloc byte[32 + _namespace.Length];
        if (member.Signer is null || key.Agree(member.Signer, Purpose(purpose, member.Record.Server)) is not { } secret)
        {
            return null;
        }

        channel = new PairChannel(member.Record.Server, secret);
        _channels[member.Tail] = channel;
        return channel;
    }

    /// <summary>The tag of a frame's bytes.</summary>
    internal static void Tag(PairChannel channel, ReadOnlySpan<byte> bytes, Span<byte> tag)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(channel.Secret, bytes, full);
        full[..TagBytes].CopyTo(tag);
    }

    /// <summary>Whether a tag is that of a frame's bytes.</summary>
    internal static bool IsTag([NotNullWhen(true)] PairChannel? channel, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> tag)
    {
        if (channel is null)
        {
            return false;
        }

        Span<byte> right = stackalloc byte[TagBytes];
        Tag(channel, bytes, right);
        return CryptographicOperations.FixedTimeEquals(right, tag);
    }

    /// <summary>Forgets the channel to one that is gone for good.</summary>
    internal void Forget(ulong tail) => _channels.Remove(tail);

    /// <summary>Names these two starts, the same on both sides, and the namespace.</summary>
    private Span<byte> Purpose(Span<byte> into, ServerId theirs)
    {
        "ww-frame"u8.CopyTo(into);
        BinaryPrimitives.WriteUInt64BigEndian(into[8..], Math.Min(server.Value, theirs.Value));
        BinaryPrimitives.WriteUInt64BigEndian(into[16..], Math.Max(server.Value, theirs.Value));
        _namespace.CopyTo(into[24..]);
        return into[..(24 + _namespace.Length)];
    }
}
