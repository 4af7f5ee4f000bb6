using Wetware.Core;
using Wetware.Rpc.Flow;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// Something at the far end of a connection: an import, or a capability of results to come. Once the peer says what a
/// promise became, calls take the new way. Everything mutable here is guarded by the connection's gate.
/// </summary>
internal abstract class RemoteHook(ILink link) : ClientHook
{
    private ClientHook? _redirect;
    private List<ISettleListener>? _listeners;

    /// <summary>The connection that it belongs to.</summary>
    public ILink Link => link;

    public override ClientHook? Resolution => Volatile.Read(ref _redirect);

    public override RpcException? Error => Volatile.Read(ref _redirect)?.Error;

    /// <summary>Whether a call was sent this way: then a new way needs an embargo.</summary>
    public bool HasBeenCalled { get; set; }

    public override void Deliver(CallContext call) => link.Deliver(this, call);

    public override void Pass(IOrderMark mark) => link.Pass(this, mark);

    public override void WhenSettled(ISettleListener listener)
    {
        if (!link.AddListener(this, listener))
        {
            listener.Settled(this);
        }
    }

    /// <summary>Sets the new way. Runs under the gate, once.</summary>
    /// <param name="target">One count passes.</param>
    public void Redirect(ClientHook target)
    {
        Invariant.Check(_redirect is null && !ReferenceEquals(target, this));
        Volatile.Write(ref _redirect, target);
    }

    /// <summary>Remembers someone who waits for the new way. Runs under the gate.</summary>
    public void AddListener(ISettleListener listener) => (_listeners ??= []).Add(listener);

    /// <summary>Tells those who waited. Runs under no lock.</summary>
    public void Announce()
    {
        if (Interlocked.Exchange(ref _listeners, null) is not { } listeners)
        {
            return;
        }

        foreach (var listener in listeners)
        {
            listener.Settled(this);
        }
    }

    protected override void LetGo()
    {
        link.LetGo(this);
        Resolution?.Release();
    }

    protected override IFlowController NewFlowController() => link.NewFlowController();
}
