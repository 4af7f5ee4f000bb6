using System.Buffers;
using Wetware.Core;
using Wetware.Protocol;
using Wetware.Protocol.Queues;
using Wetware.Protocol.Wire;

using Outcome = Wetware.Protocol.Outcome;

namespace Wetware.Client;

/// <summary>The replicated queues, from whichever node. Safe for concurrent use.</summary>
public sealed class QueueClient
{
    private readonly QueueService.Client _service;
    private readonly QueueSession _session;

    internal QueueClient(QueueService.Client service)
    {
        _service = service;
        _session = new QueueSession((command, cancellation) => ProposeAsync(command, cancellation), TimeProvider.System);
    }

    /// <summary>Carries out a command exactly once: lost answers and changes of leader are seen to.</summary>
    /// <exception cref="WetwareException">No quorum answered for so long that it gave up; whether the command took effect is not known.</exception>
    public ValueTask<QueueReply> ExecuteAsync(QueueCommand command, CancellationToken cancellation = default) =>
        _session.ExecuteAsync(command, cancellation);

    /// <summary>Answers a query linearizably.</summary>
    /// <exception cref="WetwareException">The node refused, was lost, or found no quorum.</exception>
    public Task<QueueAnswer> QueryAsync(QueueQuery query, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        var bytes = new ArrayBufferWriter<byte>();
        QueueCodec.Encode(query, bytes);
        using var answer = _service.Query(bytes.WrittenSpan, cancellation);
        return QueueCodec.DecodeAnswer((await answer).Reply.ToArray());
    });

    private Task<Outcome> ProposeAsync(ReadOnlyMemory<byte> command, CancellationToken cancellation) => RpcFailures.TranslateAsync(async () =>
    {
        using var answer = _service.Propose(command.Span, cancellation);
        return OutcomeCodec.Read((await answer).Outcome);
    });
}
