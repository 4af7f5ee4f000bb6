using Wetware.Protocol.Queues;

namespace Wetware.Queue.Tests;

/// <summary>A topic of the model.</summary>
internal sealed class ModelTopic
{
    public required string Name { get; init; }

    public required TopicOptions Options { get; init; }

    public required int Number { get; init; }

    public List<ModelMessage> Messages { get; private init; } = [];

    public HashSet<string> Keys { get; private init; } = [];

    public ulong NextOffset { get; set; }

    public ulong NextOrder { get; set; } = 1;

    public ulong Acked { get; set; }

    public ulong Dropped { get; set; }

    public ulong Duplicates { get; set; }

    public ulong Refused { get; set; }

    public ulong Expired { get; set; }

    public ulong Nacked { get; set; }

    public bool Grew { get; set; }

    public ulong MessagesMax => Options.MessagesMax == 0 ? ulong.MaxValue : Options.MessagesMax;

    public TopicStats Stats => new()
    {
        Ready = Count(MessageState.Ready),
        Delayed = Count(MessageState.Delayed),
        Leased = Count(MessageState.Leased),
        Dead = Count(MessageState.Dead),
        Accepted = NextOffset,
        Acked = Acked,
        Dropped = Dropped,
        Duplicates = Duplicates,
        Refused = Refused,
        Expired = Expired,
        Nacked = Nacked,
    };

    public ModelTopic Copy() => new()
    {
        Name = Name,
        Options = Options,
        Number = Number,
        Messages = Messages.ConvertAll(m => m.Copy()),
        Keys = [.. Keys],
        NextOffset = NextOffset,
        NextOrder = NextOrder,
        Acked = Acked,
        Dropped = Dropped,
        Duplicates = Duplicates,
        Refused = Refused,
        Expired = Expired,
        Nacked = Nacked,
    };

    private ulong Count(MessageState state) => (ulong)Messages.Count(m => m.State == state);
}
