using Wetware.Capnp;
using Wetware.Protocol.Queues;
using Wire = Wetware.Protocol.Queues.Generated;

namespace Wetware.Queue;

/// <summary>A command as the machine reads it. What is not in the operations has been read and checked when it is there.</summary>
internal readonly ref struct CommandReader
{
    private readonly Wire.Command.Reader _raw;

    private CommandReader(Wire.Command.Reader raw, ReadOnlySpan<byte> name, OperationsReader operations)
    {
        _raw = raw;
        Name = name;
        Operations = operations;
    }

    public ulong Time => _raw.Time;

    public ulong Session => _raw.Session;

    public ulong Sequence => _raw.Sequence;

    /// <summary>May be a kind that this version does not know.</summary>
    public CommandKind Kind => (CommandKind)_raw.Which;

    public ReadOnlySpan<byte> Name { get; }

    public TopicOptions Options => new(
        _raw.CreateTopic.Dedupe, _raw.CreateTopic.AcceptedMax, _raw.CreateTopic.AttemptsMax, _raw.CreateTopic.MessagesMax);

    public OperationsReader Operations { get; }

    public TopicId LeaseTopic => new(_raw.Lease.Topic);

    public uint LeaseCount => _raw.Lease.Count;

    public uint LeaseVisibility => _raw.Lease.Visibility;

    public uint LeaseBytes => _raw.Lease.Bytes;

    /// <exception cref="DecodeException">The message is malformed.</exception>
    public static CommandReader Read(MessageReader message)
    {
        var raw = message.GetRoot<Wire.Command.Reader>();
        return raw.Which switch
        {
            Wire.Command.Which.CreateTopic => new CommandReader(raw, raw.CreateTopic.Name.Utf8, default),
            Wire.Command.Which.Transact => new CommandReader(raw, default, new OperationsReader(raw.Transact)),
            _ => new CommandReader(raw, default, default),
        };
    }
}
