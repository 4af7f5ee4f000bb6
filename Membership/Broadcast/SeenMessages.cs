using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Membership.Gossip;

namespace Wetware.Membership.Broadcast;

/// <summary>
/// The messages that came lately, to be handed on and to be known again. Bounded in number and bytes; of what was forgotten, the highest
/// number of each publisher remains, so that an old message is not taken for a new one. Invariant: the bytes add up.
/// </summary>
internal sealed class SeenMessages
{
    private readonly Dictionary<MessageId, TopicMessage> _messages = [];
    private readonly Queue<MessageId> _order = new();
    private readonly Dictionary<ulong, ulong> _forgotten = [];
    private long _bytes;

    internal bool IsSeen(in MessageId id) =>
        _messages.ContainsKey(id) || (_forgotten.TryGetValue(id.Origin, out var highest) && id.Number <= highest);

    internal bool TryGet(in MessageId id, [NotNullWhen(true)] out TopicMessage? message) => _messages.TryGetValue(id, out message);

    internal void Add(TopicMessage message)
    {
        Invariant.Check(!IsSeen(message.Id));
        _messages[message.Id] = message;
        _order.Enqueue(message.Id);
        _bytes += message.Envelope.Length;
        while (_order.Count > Limits.SeenMessagesMax || _bytes > Limits.SeenBytesMax)
        {
            Forget(_order.Dequeue());
        }
    }

    /// <summary>Forgets a publisher that is gone; its next start numbers its messages from the clock again.</summary>
    internal void ForgetOrigin(ulong origin) => _forgotten.Remove(origin);

    private void Forget(in MessageId id)
    {
        var known = _messages.Remove(id, out var message);
        Invariant.Check(known);
        _bytes -= message!.Envelope.Length;
        Invariant.Check(_bytes >= 0);
        _forgotten.TryGetValue(id.Origin, out var highest);
        _forgotten[id.Origin] = Math.Max(highest, id.Number);
    }
}
