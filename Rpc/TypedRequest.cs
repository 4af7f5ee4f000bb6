using Wetware.Capnp;

namespace Wetware.Rpc;

/// <summary>A call that is being filled in. Send it exactly once, or dispose it.</summary>
/// <typeparam name="TParams">The builder of the parameters.</typeparam>
/// <typeparam name="TResults">The reader of the results.</typeparam>
/// <typeparam name="TPipeline">What can be called before the results are there; <see cref="NoPipeline"/> if nothing can.</typeparam>
public struct Request<TParams, TResults, TPipeline> : IDisposable
    where TParams : struct, IStructBuilder<TParams>
    where TResults : struct, IStructReader<TResults>
    where TPipeline : struct, IPipeline<TPipeline>
{
    private readonly Request _request;

    /// <summary>Wraps a request of this method; generated clients do.</summary>
    public Request(Request request)
    {
        _request = request;
        Params = request.InitParams<TParams>();
    }

    /// <summary>The parameters. A field, so that <c>request.Params.X = 1</c> compiles.</summary>
    public TParams Params;

    /// <summary>Sends the request.</summary>
    /// <param name="cancellationToken">Cancels the call: the callee is told, the answer fails.</param>
    public readonly Answer<TResults, TPipeline> Send(CancellationToken cancellationToken = default) =>
        new(_request.Send(cancellationToken));

    /// <summary>Sends the request; its results become those of <paramref name="call"/>. Return from the handler afterwards.</summary>
    public readonly void SendAsTailOf(CallContext call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.TailCall(_request);
    }

    /// <summary>Drops a request that was not sent.</summary>
    public readonly void Dispose() => _request.Dispose();
}
