using Wetware.Host.Membership;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;
using Wetware.Rpc;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Host.Services.View;

/// <summary>Answers queries of the routing table where it lies, and streams what they yield.</summary>
/// <param name="table">The table.</param>
/// <param name="isReverse">Whether this view is walked from its last key to its first.</param>
internal sealed class ViewServer(TableView table, bool isReverse = false) : Wire.View.IServer
{
    public ValueTask LookupAsync(CallContext<Wire.View.LookupParams.Reader, Wire.View.LookupResults.Builder> call)
    {
        var query = Directed(QueryCodec.Read(call.Params.Selector, call.Params.Constraints));
        if (table.Snapshot.TryFirst(query, out var record))
        {
            call.Results.Found = true;
            RecordWriter.Write(call.Results.InitRecord(), record);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask IterAsync(CallContext<Wire.View.IterParams.Reader, Wire.View.IterResults.Builder> call)
    {
        var query = Directed(QueryCodec.Read(call.Params.Selector, call.Params.Constraints));
        using var handler = call.Params.Handler.AddRef();
        var records = table.Snapshot.Select(query).GetEnumerator();
        var batch = new RecordBatch();
        while (!call.Untyped.IsCanceled && records.MoveNext())
        {
            if (batch.Add(in records.Current))
            {
                // The stream's own window is the back-pressure: this waits while the handler has not kept up.
                await WithinAsync(Send(handler, in batch), call.Cancellation).ConfigureAwait(false);
                batch.Clear();
            }
        }

        if (batch.Count > 0)
        {
            await WithinAsync(Send(handler, in batch), call.Cancellation).ConfigureAwait(false);
        }

        // The return tells the client that it has seen all.
        await handler.Capability.WhenStreamIdleAsync().WaitAsync(call.Cancellation).ConfigureAwait(false);
    }

    public ValueTask ReverseAsync(CallContext<Wire.View.ReverseParams.Reader, Wire.View.ReverseResults.Builder> call)
    {
        using var reversed = Wire.View.Client.Serve(new ViewServer(table, !isReverse));
        call.Results.SetView(reversed);
        return ValueTask.CompletedTask;
    }

    public async ValueTask FollowAsync(CallContext<Wire.View.FollowParams.Reader, Wire.View.FollowResults.Builder> call)
    {
        var query = Directed(QueryCodec.Read(call.Params.Selector, call.Params.Constraints));
        using var follower = call.Params.Follower.AddRef();
        var told = default(RoutingSnapshot);
        for (var isFirst = true; ; isFirst = false)
        {
            var changed = table.Changed;
            var snapshot = table.Snapshot;
            // The first time in the order of the answer; afterwards the cheaper way.
            var changes = isFirst ? Present(snapshot, query) : AnswerChanges.Between(told, snapshot, query);
            await TellAsync(follower, changes, isFirst, call.Cancellation).ConfigureAwait(false);
            told = snapshot;
            await changed.WaitAsync(call.Cancellation).ConfigureAwait(false);
        }
    }

    private static async ValueTask TellAsync(Wire.View.Follower.Client follower, IEnumerable<AnswerChange> changes, bool evenNothing, CancellationToken cancellation)
    {
        var batch = new List<AnswerChange>();
        var bytes = 0;
        foreach (var change in changes)
        {
            // One is held back, so that the last call of a round knows that it is.
            if (batch.Count == RecordBatch.CountMax || bytes >= RecordBatch.BytesMax)
            {
                await WithinAsync(Send(follower, batch, isCurrent: false), cancellation).ConfigureAwait(false);
                batch.Clear();
                bytes = 0;
            }

            batch.Add(change);
            bytes += change.Record.Profile.SizeBytes;
        }

        if (batch.Count > 0 || evenNothing)
        {
            await WithinAsync(Send(follower, batch, isCurrent: true), cancellation).ConfigureAwait(false);
        }
    }

    private static IEnumerable<AnswerChange> Present(RoutingSnapshot snapshot, Query query)
    {
        var records = snapshot.Select(query).GetEnumerator();
        while (records.MoveNext())
        {
            yield return new AnswerChange(AnswerChangeKind.Joined, records.Current);
        }
    }

    private static ValueTask Send(Wire.View.Handler.Client handler, in RecordBatch batch)
    {
        var request = handler.RecvRequest();
        var records = request.Params.InitRecords(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            RecordWriter.Write(records[i], in batch.Records[i]);
        }

        return request.SendAsync();
    }

    private static ValueTask Send(Wire.View.Follower.Client follower, List<AnswerChange> changes, bool isCurrent)
    {
        var request = follower.RecvRequest();
        request.Params.IsCurrent = isCurrent;
        var wire = request.Params.InitChanges(changes.Count);
        for (var i = 0; i < changes.Count; i++)
        {
            RecordWriter.Write(wire[i], changes[i]);
        }

        return request.SendAsync();
    }

    /// <summary>Waits for the stream to have room; whoever cancels while the handler is stuck does not hold the walk.</summary>
    private static ValueTask WithinAsync(ValueTask room, CancellationToken cancellation)
    {
        if (!room.IsCompletedSuccessfully)
        {
            return new ValueTask(room.AsTask().WaitAsync(cancellation));
        }

        room.GetAwaiter().GetResult();
        return ValueTask.CompletedTask;
    }

    private Query Directed(Query query) => isReverse ? query.Reversed() : query;
}
