using System.Globalization;
using System.Text;
using System.Text.Json;
using Wetware.Client;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Crawler.Fetch;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Samples.Scheduler;

/// <summary>
/// The tasks, programs and runs in the replicated queues of the cluster. Every change is one transaction: a run leaves the line, and the next
/// version of its task takes the place of the very version that was read, or neither happens. Safe for concurrent use.
/// </summary>
internal sealed class TaskBook
{
    /// <summary>The line of the runs.</summary>
    public const string RunsName = "scheduler/runs";

    private const string TasksName = "scheduler/tasks";
    private const string ProgramsName = "scheduler/programs";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);
    private readonly QueueClient _queues;
    private readonly TopicId _tasks;
    private readonly TopicId _programs;
    private readonly TopicId _runs;

    private TaskBook(QueueClient queues, TopicId tasks, TopicId programs, TopicId runs) =>
        (_queues, _tasks, _programs, _runs) = (queues, tasks, programs, runs);

    /// <summary>Finds the queues, or makes them.</summary>
    public static async Task<TaskBook> OpenAsync(QueueClient queues, CancellationToken cancellation)
    {
        // Tasks and pieces have one attempt, which nobody means to use: once dead they can be dropped one by one. A key is taken for ever.
        return new TaskBook(
            queues,
            await TopicAsync(TasksName, new TopicOptions(Dedupe: true, AttemptsMax: 1, MessagesMax: Limits.TasksMax)).ConfigureAwait(false),
            await TopicAsync(ProgramsName, new TopicOptions(AttemptsMax: 1, MessagesMax: Limits.PiecesMax)).ConfigureAwait(false),
            await TopicAsync(RunsName, new TopicOptions(Dedupe: true, AttemptsMax: Limits.AttemptsMax)).ConfigureAwait(false));

        async Task<TopicId> TopicAsync(string name, TopicOptions options)
        {
            var reply = await queues.ExecuteAsync(QueueCommand.CreateTopic(name, options), cancellation).ConfigureAwait(false);
            Require(reply.Status);
            return reply.Topic;
        }
    }

    /// <summary>Keeps a task and its program, and puts its runs in line.</summary>
    public async Task<SubmitOutcome> SubmitAsync(TaskRecord task, ReadOnlyMemory<byte> program, CancellationToken cancellation)
    {
        if (await FindAsync(task.Id, cancellation).ConfigureAwait(false) is not null)
        {
            return SubmitOutcome.IdTaken;
        }

        var pieces = new List<ulong>();
        var outcome = await PutProgramAsync(program, pieces, cancellation).ConfigureAwait(false)
            ? await EnterAsync(task with { Pieces = pieces }, cancellation).ConfigureAwait(false)
            : SubmitOutcome.Full;
        if (outcome != SubmitOutcome.Accepted)
        {
            await DropAsync(_programs, [.. pieces.Select(piece => QueueOperation.Drop(_programs, piece))], cancellation).ConfigureAwait(false);
        }

        return outcome;
    }

    /// <summary>All tasks, in the order of their submission. One that changes while its page is read is seen twice, so the last counts.</summary>
    public async Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellation) =>
        [.. (await ScanAsync<TaskRecord>(_tasks, cancellation).ConfigureAwait(false))
            .GroupBy(static entry => entry.Value.Id, static (_, versions) => versions.Last().Value, StringComparer.Ordinal)
            .OrderBy(static task => task.Submitted)];

    /// <summary>A task; null if there is none.</summary>
    public async Task<TaskRecord?> FindAsync(string id, CancellationToken cancellation) =>
        (await LocateAsync(id, cancellation).ConfigureAwait(false))?.Task;

    /// <summary>How many runs of each task are with a worker.</summary>
    public async Task<IReadOnlyDictionary<string, int>> RunningAsync(CancellationToken cancellation) =>
        (await ScanAsync<RunTicket>(_runs, cancellation).ConfigureAwait(false))
            .Where(static entry => entry.State == MessageState.Leased)
            .CountBy(static entry => entry.Value.Task)
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Forgets a task and its program; its runs find that out by themselves.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellation)
    {
        while (await LocateAsync(id, cancellation).ConfigureAwait(false) is { } found)
        {
            await KillAllAsync(_tasks, cancellation).ConfigureAwait(false);
            var reply = await _queues.ExecuteAsync(
                QueueCommand.Transact(
                    [QueueOperation.Drop(_tasks, found.Offset), .. found.Task.Pieces.Select(piece => QueueOperation.Drop(_programs, piece))]),
                cancellation).ConfigureAwait(false);
            if (reply.Status == QueueStatus.Ok)
            {
                return true;
            }

            await RetryAsync(reply.Status, cancellation).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>The program of a task; null if the task has been deleted.</summary>
    public async Task<byte[]?> ProgramAsync(TaskRecord task, CancellationToken cancellation)
    {
        using var program = new MemoryStream();
        foreach (var piece in task.Pieces)
        {
            var answer = await _queues.QueryAsync(QueueQuery.Scan(_programs, piece, count: 1), cancellation).ConfigureAwait(false);
            if (answer.Entries.Count == 0 || answer.Entries[0].Offset != piece)
            {
                return null;
            }

            program.Write(answer.Entries[0].Payload.Span);
        }

        var bytes = program.ToArray();
        Core.Invariant.Check(Cid.Of(bytes).ToString() == task.Program);
        return bytes;
    }

    /// <summary>Takes the next run that is due; null if there is none. Writes nothing while the line is empty.</summary>
    public async Task<HeldRun?> TakeAsync(TimeSpan lease, CancellationToken cancellation)
    {
        var stats = (await _queues.QueryAsync(QueueQuery.Stats(_runs), cancellation).ConfigureAwait(false)).Stats;
        if (stats.Dead > 0)
        {
            await BuryAsync(cancellation).ConfigureAwait(false);
        }

        if (stats.Open == 0)
        {
            return null;
        }

        var reply = await _queues.ExecuteAsync(QueueCommand.Lease(_runs, count: 1, (uint)lease.TotalMilliseconds), cancellation).ConfigureAwait(false);
        Require(reply.Status);
        return reply.Messages.Count == 0
            ? null
            : new HeldRun(Read<RunTicket>(reply.Messages[0].Payload), reply.Messages[0].Token, reply.Messages[0].Attempts);
    }

    /// <summary>Keeps a run for so long from now on.</summary>
    /// <returns>Whether it was still held.</returns>
    public Task<bool> ExtendAsync(HeldRun run, TimeSpan lease, CancellationToken cancellation) =>
        KeepsAsync(QueueOperation.Extend(_runs, run.Token, (uint)lease.TotalMilliseconds), cancellation);

    /// <summary>Gives a run back for others to take.</summary>
    public Task GiveBackAsync(HeldRun run, CancellationToken cancellation) =>
        KeepsAsync(QueueOperation.Nack(_runs, run.Token, givesBack: true), cancellation);

    /// <summary>Records what became of a run, once, and takes it out of the line; if it is no longer held, does nothing.</summary>
    public Task RecordAsync(HeldRun run, RunRecord record, CancellationToken cancellation) =>
        LeaveAsync(QueueOperation.Ack(_runs, run.Token), run.Ticket.Task, record, cancellation);

    /// <summary>Takes a run out of the line whose task has been deleted.</summary>
    public Task ForgetAsync(HeldRun run, CancellationToken cancellation) => KeepsAsync(QueueOperation.Ack(_runs, run.Token), cancellation);

    private static void Require(QueueStatus status)
    {
        if (status != QueueStatus.Ok)
        {
            throw new WetwareException(FailureReason.Unavailable, $"the queue answered {status}");
        }
    }

    private static T Read<T>(ReadOnlyMemory<byte> payload) => JsonSerializer.Deserialize<T>(payload.Span)!;

    private static byte[] Key(string id, int number) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}/{number}"));

    private static QueueOperation Version(TopicId tasks, TaskRecord task) =>
        QueueOperation.Enqueue(tasks, Key(task.Id, task.Completions), JsonSerializer.SerializeToUtf8Bytes(task));

    private async Task<bool> PutProgramAsync(ReadOnlyMemory<byte> program, List<ulong> pieces, CancellationToken cancellation)
    {
        for (var at = 0; at < program.Length; at += Limits.PieceBytes)
        {
            var piece = program.Slice(at, Math.Min(Limits.PieceBytes, program.Length - at));
            var reply = await _queues.ExecuteAsync(QueueCommand.Transact(QueueOperation.Enqueue(_programs, piece)), cancellation).ConfigureAwait(false);
            if (reply.Status == QueueStatus.Full)
            {
                return false;
            }

            Require(reply.Status);
            pieces.Add(reply.Outcomes[0].Offset);
        }

        await KillAllAsync(_programs, cancellation).ConfigureAwait(false);
        return true;
    }

    private async Task<SubmitOutcome> EnterAsync(TaskRecord task, CancellationToken cancellation)
    {
        var operations = new List<QueueOperation> { Version(_tasks, task) };
        for (var number = 1; number <= task.Repeats; number++)
        {
            var wait = (uint)(task.Start + ((number - 1) * task.Delay)) * 1000;
            operations.Add(QueueOperation.Enqueue(
                _runs, Key(task.Id, number), JsonSerializer.SerializeToUtf8Bytes(new RunTicket(task.Id, number)), wait));
        }

        var reply = await _queues.ExecuteAsync(QueueCommand.Transact(operations), cancellation).ConfigureAwait(false);
        if (reply.Status == QueueStatus.Full)
        {
            return SubmitOutcome.Full;
        }

        // The keys of a task and of its runs are taken together, so if one is a duplicate all are and nothing was added.
        Require(reply.Status);
        return reply.Outcomes[0].Outcome == OperationOutcome.Done ? SubmitOutcome.Accepted : SubmitOutcome.IdTaken;
    }

    private async Task BuryAsync(CancellationToken cancellation)
    {
        var dead = await _queues.QueryAsync(QueueQuery.Scan(_runs, from: 0, count: 16, deadOnly: true), cancellation).ConfigureAwait(false);
        foreach (var entry in dead.Entries)
        {
            var ticket = Read<RunTicket>(entry.Payload);
            var now = DateTimeOffset.UtcNow;
            var reason = string.Create(CultureInfo.InvariantCulture, $"{entry.Attempts} workers were lost with it");
            var record = new RunRecord(ticket.Number, entry.Attempts, RunEnding.Lost, ExitCode: null, reason, [], [], Worker: "", now, now);
            await LeaveAsync(QueueOperation.Drop(_runs, entry.Offset), ticket.Task, record, cancellation).ConfigureAwait(false);
        }
    }

    private async Task LeaveAsync(QueueOperation leave, string id, RunRecord record, CancellationToken cancellation)
    {
        while (true)
        {
            var found = await LocateAsync(id, cancellation).ConfigureAwait(false);
            await KillAllAsync(_tasks, cancellation).ConfigureAwait(false);
            var reply = await _queues.ExecuteAsync(
                found is { } old
                    ? QueueCommand.Transact(leave, QueueOperation.Drop(_tasks, old.Offset), Version(_tasks, old.Task.With(record)))
                    : QueueCommand.Transact(leave),
                cancellation).ConfigureAwait(false);
            if (reply.Status == QueueStatus.Ok || (reply.Failed == 0 && reply.Status is QueueStatus.LeaseLost or QueueStatus.NotDead))
            {
                return;
            }

            await RetryAsync(reply.Status, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Uses up the attempt of whatever has one, so that it can be dropped.</summary>
    private async Task KillAllAsync(TopicId topic, CancellationToken cancellation)
    {
        QueueReply leased;
        do
        {
            leased = await _queues.ExecuteAsync(
                QueueCommand.Lease(topic, QueueLimits.LeaseCountMax, visibilityMilliseconds: 1), cancellation).ConfigureAwait(false);
            Require(leased.Status);
        }
        while (leased.Messages.Count > 0);
    }

    private async Task DropAsync(TopicId topic, QueueOperation[] drops, CancellationToken cancellation)
    {
        while (drops.Length > 0)
        {
            await KillAllAsync(topic, cancellation).ConfigureAwait(false);
            var reply = await _queues.ExecuteAsync(QueueCommand.Transact(drops), cancellation).ConfigureAwait(false);
            if (reply.Status == QueueStatus.Ok)
            {
                return;
            }

            await RetryAsync(reply.Status, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>After a transaction that found a version gone or not yet dead.</summary>
    private static async Task RetryAsync(QueueStatus status, CancellationToken cancellation)
    {
        if (status != QueueStatus.NotDead)
        {
            Require(status);
        }

        await Task.Delay(s_pause, cancellation).ConfigureAwait(false);
    }

    private async Task<bool> KeepsAsync(QueueOperation operation, CancellationToken cancellation)
    {
        var reply = await _queues.ExecuteAsync(QueueCommand.Transact(operation), cancellation).ConfigureAwait(false);
        if (reply.Status == QueueStatus.LeaseLost)
        {
            return false;
        }

        Require(reply.Status);
        return true;
    }

    private async Task<(ulong Offset, TaskRecord Task)?> LocateAsync(string id, CancellationToken cancellation)
    {
        foreach (var entry in await ScanAsync<TaskRecord>(_tasks, cancellation).ConfigureAwait(false))
        {
            if (entry.Value.Id == id)
            {
                return (entry.Offset, entry.Value);
            }
        }

        return null;
    }

    private async Task<List<(ulong Offset, MessageState State, T Value)>> ScanAsync<T>(TopicId topic, CancellationToken cancellation)
    {
        var found = new List<(ulong, MessageState, T)>();
        var from = 0UL;
        while (true)
        {
            var answer = await _queues.QueryAsync(QueueQuery.Scan(topic, from, QueueLimits.ScanCountMax), cancellation).ConfigureAwait(false);
            Require(answer.Status);
            found.AddRange(answer.Entries.Select(static entry => (entry.Offset, entry.State, Read<T>(entry.Payload))));
            if (answer.Entries.Count == 0)
            {
                return found;
            }

            from = answer.Next;
        }
    }
}
