using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Wetware.Capnp;
using Wetware.Core.Identity;
using Wetware.Membership.Gossip;
using Generated = Wetware.Membership.Wire.Generated;

namespace Wetware.Membership.Wire;

/// <summary>Turns a message of a topic into its sealed form and back. The namespace is part of what is signed.</summary>
internal sealed class MessageCodec(string ns) : IDisposable
{
    private static readonly ReaderLimits s_limits = new() { TraversalWordsMax = IdentityLimits.EnvelopeBytesMax, NestingMax = 4, SegmentsMax = 1 };

    private readonly string _domain = "ww-topic/" + ns;
    private readonly MessageBuilder _builder = new();
    private readonly MessageReader _reader = new(s_limits);

    private static ReadOnlySpan<byte> PayloadType => [0x1f, 0x03];

    /// <inheritdoc/>
    public void Dispose()
    {
        _builder.Dispose();
        _reader.Dispose();
    }

    internal TopicMessage Seal(PeerKey key, string topic, ulong number, ReadOnlySpan<byte> data)
    {
        _builder.Reset();
        var wire = _builder.InitRoot<Generated.TopicMessage.Builder>();
        wire.SetTopic(topic);
        wire.Number = number;
        wire.SetData(data);
        var payload = new ArrayBufferWriter<byte>(data.Length + 128);
        _builder.WritePackedTo(payload);
        var envelope = Envelope.Seal(key, _domain, PayloadType, payload.WrittenSpan);
        return new TopicMessage(new MessageId(key.Peer.Tail, number), topic, data.ToArray(), envelope);
    }

    /// <summary>Which message an envelope claims to hold, without the check of its signature; false if it is malformed.</summary>
    internal bool TryPeek(ReadOnlySpan<byte> envelope, out MessageId id)
    {
        id = default;
        if (!Envelope.TrySplit(envelope, out var key, out _, out var payload, out _) || TryDecode(payload.ToArray()) is not { } message)
        {
            return false;
        }

        id = new MessageId(Core.PeerId.FromPublicKey(key).Tail, message.Number);
        return true;
    }

    /// <summary>Opens a sealed message; false unless its publisher signed it for this cluster.</summary>
    internal bool TryOpen(ReadOnlySpan<byte> envelope, [NotNullWhen(true)] out TopicMessage? message)
    {
        message = null;
        if (!Envelope.TryOpen(envelope, _domain, PayloadType, out var opened, out _) || TryDecode(opened.Payload) is not { } decoded)
        {
            return false;
        }

        var id = new MessageId(opened.Signer.Peer.Tail, decoded.Number);
        message = new TopicMessage(id, decoded.Topic, decoded.Data, envelope.ToArray());
        return true;
    }

    private (string Topic, ulong Number, byte[] Data)? TryDecode(ReadOnlyMemory<byte> payload)
    {
        try
        {
            _reader.OpenPacked(payload);
            var wire = _reader.GetRoot<Generated.TopicMessage.Reader>();
            var (topic, data) = (wire.Topic, wire.Data);
            return topic.Length > Limits.TopicBytesMax || data.Length > Limits.MessageBytesMax
                ? null
                : (topic.ToString(), wire.Number, data.ToArray());
        }
        catch (DecodeException)
        {
            // What is not a message has nothing to say.
            return null;
        }
        finally
        {
            _reader.Close();
        }
    }
}
