using Wetware.Capnp;
using Wire = Wetware.Protocol.Queues.Generated;

namespace Wetware.Queue;

/// <summary>The operations of a transaction, each read from the message whenever it is looked at.</summary>
internal readonly struct OperationsReader(StructListReader<Wire.Operation.Reader> raw)
{
    public int Count => raw.Count;

    public OperationReader this[int index] => new(raw[index]);
}
