using Wetware.Capnp;
using Wetware.Protocol.Queues;
using Wire = Wetware.Protocol.Queues.Generated;

namespace Wetware.Queue;

/// <summary>
/// Builds the machine's replies, one after another in the same memory. Kept replies are replicated state, so equal replies must be
/// equal bytes on every replica: each has room to be one segment.
/// </summary>
internal sealed class ReplyWriter : IDisposable
{
    private readonly MessageOutput _output = new(QueueLimits.ReplyBytesMax);
    private StructListBuilder<Wire.Reply.Outcome.Builder> _outcomes;
    private StructListBuilder<Wire.Reply.Message.Builder> _messages;

    public ReadOnlySpan<byte> Bytes => _output.Bytes;

    public void Dispose() => _output.Dispose();

    public void Status(QueueStatus status, int failed, ulong clock)
    {
        var reply = _output.Begin<Wire.Reply.Builder>();
        reply.Status = (Wire.Status)status;
        reply.Failed = (uint)failed;
        reply.Clock = clock;
        _output.Finish();
    }

    public void Session(ulong session, ulong clock)
    {
        var reply = _output.Begin<Wire.Reply.Builder>();
        reply.Clock = clock;
        reply.Session = session;
        _output.Finish();
    }

    public void Topic(uint topic, ulong clock)
    {
        var reply = _output.Begin<Wire.Reply.Builder>();
        reply.Clock = clock;
        reply.Topic = topic;
        _output.Finish();
    }

    public void BeginOutcomes(int count, ulong clock)
    {
        var reply = _output.Begin<Wire.Reply.Builder>();
        reply.Clock = clock;
        _outcomes = reply.InitOutcomes(count);
    }

    public void Outcome(int index, OperationOutcome outcome, ulong offset)
    {
        var entry = _outcomes[index];
        entry.Kind = (Wire.Reply.Outcome.Kind)outcome;
        entry.Offset = offset;
    }

    public void BeginMessages(int count, ulong clock)
    {
        var reply = _output.Begin<Wire.Reply.Builder>();
        reply.Clock = clock;
        _messages = reply.InitMessages(count);
    }

    public void Message(int index, in Message message, ReadOnlySpan<byte> payload)
    {
        var entry = _messages[index];
        entry.Offset = message.Offset;
        entry.Lease = message.Lease;
        entry.Attempts = message.Attempts;
        entry.Deadline = message.At;
        entry.SetPayload(payload);
    }

    /// <summary>Ends a reply that was begun.</summary>
    public void Finish() => _output.Finish();

    public void Repeat(ReadOnlySpan<byte> reply) => _output.Repeat(reply);
}
