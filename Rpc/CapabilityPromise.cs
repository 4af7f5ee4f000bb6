using Wetware.Rpc.Hooks;

namespace Wetware.Rpc;

/// <summary>
/// The other end of a promised capability: hand out <see cref="Capability"/> now, decide later what it is. Calls made
/// in between wait, and go on in order. Disposing it undecided breaks the promise.
/// </summary>
public sealed class CapabilityPromise : IDisposable
{
    private readonly PromiseHook _hook = new();
    private int _decided;

    /// <summary>Creates an undecided promise.</summary>
    public CapabilityPromise() => Capability = new Capability(_hook.AddReference());

    /// <summary>The promised capability; borrowed, <see cref="Capability.AddRef"/> to keep.</summary>
    public Capability Capability { get; }

    /// <summary>Decides what the capability is. The first decision counts.</summary>
    /// <param name="capability">Borrowed; a reference of its own is kept.</param>
    /// <returns>False if it had been decided.</returns>
    public bool Resolve(Capability capability)
    {
        ArgumentNullException.ThrowIfNull(capability);
        return Decide(capability.Hook.AddReference());
    }

    /// <summary>Decides that there will be none: calls that wait, and all later ones, fail.</summary>
    /// <returns>False if it had been decided.</returns>
    public bool Reject(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Decide(new BrokenHook(error));
    }

    /// <summary>Lets go; breaks the promise if it is undecided.</summary>
    public void Dispose()
    {
        Reject(new RpcException("the promise of a capability was dropped"));
        Capability.Dispose();
    }

    private bool Decide(ClientHook target)
    {
        if (Interlocked.Exchange(ref _decided, 1) != 0)
        {
            target.Release();
            return false;
        }

        _hook.Settle(target);
        _hook.Release();
        return true;
    }
}
