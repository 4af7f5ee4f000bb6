using Wetware.Membership.Routing;
using Wetware.Rpc;
using Wire = Wetware.Host.Protocol;

namespace Wetware.Host.Membership;

/// <summary>Answers queries of the routing table where it lies, and streams what they yield.</summary>
/// <param name="snapshot">Takes a snapshot of the table.</param>
/// <param name="isReverse">Whether this view is walked from its last key to its first.</param>
internal sealed class ViewServer(Func<Task<RoutingSnapshot>> snapshot, bool isReverse = false) : Wire.View.IServer
{
    public async ValueTask LookupAsync(CallContext<Wire.View.LookupParams.Reader, Wire.View.LookupResults.Builder> call)
    {
        var query = Directed(QueryCodec.Read(call.Params.Selector, call.Params.Constraints));
        var table = await snapshot().ConfigureAwait(false);
        if (table.TryFirst(query, out var record))
        {
            call.Results.Found = true;
            RecordCodec.Write(call.Results.InitRecord(), record);
        }
    }

    public async ValueTask IterAsync(CallContext<Wire.View.IterParams.Reader, Wire.View.IterResults.Builder> call)
    {
        var query = Directed(QueryCodec.Read(call.Params.Selector, call.Params.Constraints));
        using var handler = call.Params.Handler.AddRef();
        var table = await snapshot().ConfigureAwait(false);
        var records = table.Select(query).GetEnumerator();
        while (records.MoveNext() && !call.Untyped.IsCanceled)
        {
            // The stream's own window is the back-pressure: this waits while the handler has not kept up.
            await Send(handler, records.Current).ConfigureAwait(false);
        }

        // The return tells the client that it has seen all.
        await handler.Capability.WhenStreamIdleAsync().ConfigureAwait(false);
    }

    public ValueTask ReverseAsync(CallContext<Wire.View.ReverseParams.Reader, Wire.View.ReverseResults.Builder> call)
    {
        using var reversed = Wire.View.Client.Serve(new ViewServer(snapshot, !isReverse));
        call.Results.SetView(reversed);
        return ValueTask.CompletedTask;
    }

    private static ValueTask Send(Wire.View.Handler.Client handler, in PeerRecord record)
    {
        var request = handler.RecvRequest();
        RecordCodec.Write(request.Params.InitRecord(), record);
        return request.SendAsync();
    }

    private Query Directed(Query query) => isReverse ? query.Reversed() : query;
}
