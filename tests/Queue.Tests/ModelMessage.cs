using Wetware.Protocol.Queues;

namespace Wetware.Queue.Tests;

/// <summary>A message of the model.</summary>
internal sealed class ModelMessage
{
    public required ulong Offset { get; init; }

    public required byte[] Payload { get; init; }

    public MessageState State { get; set; }

    public ulong At { get; set; }

    public ulong Order { get; set; }

    public uint Lease { get; set; }

    public uint Attempts { get; set; }

    public ModelMessage Copy() => (ModelMessage)MemberwiseClone();
}
