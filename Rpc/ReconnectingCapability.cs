namespace Wetware.Rpc;

/// <summary>
/// A reference that outlives its connection: the first call connects, calls meanwhile wait in order, and the call after
/// one that failed as disconnected connects anew. A call that failed is not repeated, since it may have been carried out.
/// </summary>
public sealed class ReconnectingCapability : IDisposable
{
    private readonly Relay _relay;

    /// <summary>Creates a reference that is not connected yet.</summary>
    /// <param name="connect">Connects; the result's ownership passes. An exception fails the calls that waited for it.</param>
    public ReconnectingCapability(Func<Task<Capability>> connect)
    {
        ArgumentNullException.ThrowIfNull(connect);
        _relay = new Relay(connect);
        Capability = Capability.Serve(_relay);
    }

    /// <summary>What to call; borrowed, <see cref="Capability.AddRef"/> to keep.</summary>
    public Capability Capability { get; }

    /// <summary>Lets go.</summary>
    public void Dispose() => Capability.Dispose();

    private sealed class Relay(Func<Task<Capability>> connect) : ICapabilityServer, IDisposable
    {
        private readonly Lock _gate = new();
        private Capability? _current;

        public async ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
        {
            using var target = Current();
            var request = target.NewRequest(interfaceId, methodId);
            request.Continue(call);
            request.Params.Set(call.Parameters);
            call.ReleaseParams();
            using var answer = request.Send(call.Cancellation);
            try
            {
                await answer;
            }
            catch (RpcException lost) when (lost.Type == RpcErrorType.Disconnected)
            {
                Forget(target);
                throw;
            }

            call.Results.Set(answer.Results);
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _current?.Dispose();
                _current = null;
            }
        }

        private Capability Current()
        {
            lock (_gate)
            {
                _current ??= Capability.FromTask(ConnectAsync());
                return _current.AddRef();
            }
        }

        private void Forget(Capability lost)
        {
            Capability? gone = null;
            lock (_gate)
            {
                if (_current is not null && _current.IsSame(lost))
                {
                    gone = _current;
                    _current = null;
                }
            }

            gone?.Dispose();
        }

        // Whatever keeps a connection from coming about counts as disconnected, so that the next call tries again.
        private async Task<Capability> ConnectAsync()
        {
            try
            {
                // Away from the gate, which the caller holds.
                await Task.Yield();
                return await connect().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not RpcException)
            {
                throw new RpcException(RpcErrorType.Disconnected, "connecting failed: " + failure.Message, null, failure);
            }
        }
    }
}
