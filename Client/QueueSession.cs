using System.Buffers;
using System.Threading.Channels;
using Wetware.Core;
using Wetware.Protocol;
using Wetware.Protocol.Queues;

namespace Wetware.Client;

/// <summary>
/// A client of the replicated queues whose every command counts exactly once: commands carry a session and a number, so one whose outcome
/// is unknown is simply sent again. Safe for concurrent use.
/// </summary>
/// <param name="propose">Replicates a command.</param>
/// <param name="time">Whose clock commands claim.</param>
internal sealed class QueueSession(Func<ReadOnlyMemory<byte>, CancellationToken, Task<Outcome>> propose, TimeProvider time) : IQueueSession
{
    private static readonly TimeSpan s_giveUp = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private readonly Lock _gate = new();
    private Task<Opened>? _opened;

    public async ValueTask<QueueReply> ExecuteAsync(QueueCommand command, CancellationToken cancellationToken)
    {
        var opening = OpenAsync();
        var session = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        var number = await session.Numbers.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var reply = await SendAsync(command, session.Id, number, cancellationToken).ConfigureAwait(false);
            if (reply.Status == QueueStatus.SessionUnknown)
            {
                Forget(opening);
                throw new WetwareException(FailureReason.Unavailable, "the session has expired; whether the command took effect is not known");
            }

            return reply;
        }
        finally
        {
            session.Numbers.Writer.TryWrite(number + QueueLimits.SessionWindow);
        }
    }

    private void Forget(Task<Opened> expired)
    {
        lock (_gate)
        {
            _opened = _opened == expired ? null : _opened;
        }
    }

    private Task<Opened> OpenAsync()
    {
        lock (_gate)
        {
            return _opened is null or { IsFaulted: true } or { IsCanceled: true } ? _opened = OpenAnewAsync() : _opened;
        }
    }

    private async Task<Opened> OpenAnewAsync()
    {
        // Opening twice, because an outcome was unknown, leaves an idle session behind, which expires.
        var reply = await SendAsync(QueueCommand.OpenSession, 0, 0, CancellationToken.None).ConfigureAwait(false);
        var opened = new Opened(reply.Session, Channel.CreateUnbounded<ulong>());
        for (var number = 1UL; number <= QueueLimits.SessionWindow; number++)
        {
            opened.Numbers.Writer.TryWrite(number);
        }

        return opened;
    }

    private async Task<QueueReply> SendAsync(QueueCommand command, ulong session, ulong number, CancellationToken cancellation)
    {
        var bytes = new ArrayBufferWriter<byte>();
        QueueCodec.Encode(command, (ulong)time.GetUtcNow().ToUnixTimeMilliseconds(), session, number, bytes);
        var started = time.GetTimestamp();
        while (true)
        {
            var outcome = await propose(bytes.WrittenMemory, cancellation).ConfigureAwait(false);
            if (outcome.Kind == OutcomeKind.Committed)
            {
                return QueueCodec.DecodeReply(outcome.Reply);
            }

            if (time.GetElapsedTime(started) > s_giveUp)
            {
                throw new WetwareException(FailureReason.Unavailable, outcome.Reason);
            }

            await Task.Delay(s_pause, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A session and the numbers that may be used next: of each place in the machine's window one number is under way at a time.</summary>
    private sealed record Opened(ulong Id, Channel<ulong> Numbers);
}
