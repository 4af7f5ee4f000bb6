using Wetware.Capnp;
using Wetware.Rpc.Hooks;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc;

/// <summary>
/// A call that is being filled in. Send it exactly once, or dispose it. A handle to a pooled object: copies are the same
/// request.
/// </summary>
public readonly struct Request : IDisposable
{
    private readonly OutgoingCall _call;
    private readonly uint _version;

    private Request(OutgoingCall call)
    {
        _call = call;
        _version = call.Version;
    }

    /// <summary>Where the parameters go: AnyPointer.</summary>
    public PointerBuilder Params => Live.Params!.Content;

    private OutgoingCall Live =>
        _call is not null && _call.Version == _version ? _call : throw new ObjectDisposedException(nameof(Request));

    /// <summary>Sends the request.</summary>
    /// <param name="cancellationToken">Cancels the call: the callee is told, the answer fails.</param>
    public Answer Send(CancellationToken cancellationToken = default)
    {
        var call = Live;
        var answer = new Answer(call);
        call.Send();
        call.CancelWith(cancellationToken);
        return answer;
    }

    /// <summary>Sends the request as one of a stream, and drops its results.</summary>
    /// <returns>Completes when the next of the stream may be sent; fails once any of the stream has failed.</returns>
    public ValueTask SendStreamingAsync()
    {
        var call = Live;
        if (call.Destination.StreamError is { } error)
        {
            call.Dispose(_version);
            return ValueTask.FromException(error);
        }

        return call.Destination.Stream.SendAsync(call, call.Params!.SizeBytes);
    }

    /// <summary>Makes the parameters' struct.</summary>
    public TParams InitParams<TParams>()
        where TParams : struct, IStructBuilder<TParams>
        => TParams.Wrap(Params.InitStruct(TParams.Size));

    /// <summary>Drops a request that was not sent.</summary>
    public void Dispose() => _call?.Dispose(_version);

    internal static Request Start(ClientHook destination, ulong interfaceId, ushort methodId)
    {
        var call = OutgoingCall.Rent(destination, interfaceId, methodId);
        call.Params = RpcMessage.NewCall(interfaceId, methodId);
        return new Request(call);
    }

    /// <summary>Makes the request part of the trace of a call that it passes on, also while nobody listens.</summary>
    internal void Continue(CallContext outer) => Live.Continue(outer);

    internal void SendTail(CallContext outer) => Live.SendFor(outer);
}
