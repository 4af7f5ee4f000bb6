namespace Wetware.Rpc;

/// <summary>
/// A reference that can be handed out and taken back. Calls that come after <see cref="Revoke"/> fail; those that had
/// been passed on run to their end. Capabilities that its results brought are not taken back: a <see cref="Membrane"/>
/// does that.
/// </summary>
public sealed class RevocableCapability : IDisposable
{
    private readonly Relay _relay;

    /// <summary>Wraps a reference.</summary>
    /// <param name="target">Borrowed; a reference of its own is kept until revoked.</param>
    public RevocableCapability(Capability target)
    {
        ArgumentNullException.ThrowIfNull(target);
        _relay = new Relay(target.AddRef());
        Capability = Capability.Serve(_relay);
    }

    /// <summary>What to hand out; borrowed, <see cref="Capability.AddRef"/> to keep.</summary>
    public Capability Capability { get; }

    /// <summary>Takes the reference back, everywhere at once. Again does nothing.</summary>
    public void Revoke(string reason = "the capability was revoked") => _relay.Revoke(new RpcException(reason));

    /// <summary>Revokes, and lets go.</summary>
    public void Dispose()
    {
        Revoke();
        Capability.Dispose();
    }

    private sealed class Relay(Capability target) : ICapabilityServer, IDisposable
    {
        private RpcException? _revoked;

        public void Revoke(RpcException reason)
        {
            if (Interlocked.CompareExchange(ref _revoked, reason, null) is null)
            {
                target.Dispose();
            }
        }

        public ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
        {
            if (Volatile.Read(ref _revoked) is { } revoked)
            {
                return ValueTask.FromException(revoked);
            }

            var request = target.NewRequest(interfaceId, methodId);
            request.Params.Set(call.Parameters);
            call.ReleaseParams();
            call.TailCall(in request);
            return default;
        }

        public void Dispose() => target.Dispose();
    }
}
