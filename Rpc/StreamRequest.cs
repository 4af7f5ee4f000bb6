using Wetware.Capnp;

namespace Wetware.Rpc;

/// <summary>A streaming call (<c>-> stream</c>) that is being filled in. Send it exactly once, or dispose it.</summary>
/// <typeparam name="TParams">The builder of the parameters.</typeparam>
public struct StreamRequest<TParams> : IDisposable
    where TParams : struct, IStructBuilder<TParams>
{
    private readonly Request _request;

    /// <summary>Wraps a request of this method; generated clients do.</summary>
    public StreamRequest(Request request)
    {
        _request = request;
        Params = request.InitParams<TParams>();
    }

    /// <summary>The parameters. A field, so that <c>request.Params.X = 1</c> compiles.</summary>
    public TParams Params;

    /// <summary>Sends the request at once.</summary>
    /// <returns>Completes when the next of the stream may be sent; fails once any of the stream has failed.</returns>
    public readonly ValueTask SendAsync() => _request.SendStreamingAsync();

    /// <summary>Drops a request that was not sent.</summary>
    public readonly void Dispose() => _request.Dispose();
}
