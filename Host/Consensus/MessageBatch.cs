using System.Runtime.InteropServices;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>Messages of any groups to one member that travel as one request, in the order in which they were sent.</summary>
internal sealed class MessageBatch(NodeId to)
{
    private readonly List<RaftEvent> _messages = [];
    private readonly List<GroupId> _bare = [];

    public NodeId To { get; } = to;

    public int Count => _messages.Count;

    /// <summary>As the events that they are where they arrive.</summary>
    public ReadOnlySpan<RaftEvent> Messages => CollectionsMarshal.AsSpan(_messages);

    /// <summary>Groups whose snapshot is in the batch as a mere message, because the member is a witness.</summary>
    public ReadOnlySpan<GroupId> BareSnapshots => CollectionsMarshal.AsSpan(_bare);

    public void Add(in RaftEvent message)
    {
        _messages.Add(message);
        if (((Envelope)message.Subject!).Message.Type == MessageType.MsgSnap)
        {
            _bare.Add(message.Group);
        }
    }

    /// <summary>Gives the envelopes back, for a carrier that has passed on what is in them.</summary>
    public void ReturnEnvelopes()
    {
        foreach (ref readonly var message in Messages)
        {
            ((Envelope)message.Subject!).Return();
        }
    }

    public void Clear()
    {
        _messages.Clear();
        _bare.Clear();
    }
}
