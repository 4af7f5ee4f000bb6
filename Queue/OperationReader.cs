using Wetware.Protocol.Queues;
using Wire = Wetware.Protocol.Queues.Generated;

namespace Wetware.Queue;

/// <summary>One operation of a transaction as the machine reads it; only what its kind has means anything.</summary>
internal readonly struct OperationReader(Wire.Operation.Reader raw)
{
    /// <summary>May be a kind that this version does not know.</summary>
    public OperationKind Kind => (OperationKind)raw.Which;

    public TopicId Topic => new(raw.Topic);

    public LeaseToken Token => raw.Which switch
    {
        Wire.Operation.Which.Ack => new LeaseToken(raw.Ack.Offset, raw.Ack.Lease),
        Wire.Operation.Which.Nack => new LeaseToken(raw.Nack.Offset, raw.Nack.Lease),
        Wire.Operation.Which.Extend => new LeaseToken(raw.Extend.Offset, raw.Extend.Lease),
        Wire.Operation.Which.Revive => new LeaseToken(raw.Revive, 0),
        _ => new LeaseToken(raw.Drop, 0),
    };

    public uint Milliseconds => raw.Which switch
    {
        Wire.Operation.Which.Enqueue => raw.Enqueue.Delay,
        Wire.Operation.Which.Nack => raw.Nack.Delay,
        _ => raw.Extend.Visibility,
    };

    public bool GivesBack => raw.Nack.GivesBack;

    public bool HasKey => raw.Enqueue.HasKey;

    public ReadOnlySpan<byte> Key => raw.Enqueue.Key.Span;

    public ReadOnlySpan<byte> Payload => raw.Enqueue.Payload.Span;
}
