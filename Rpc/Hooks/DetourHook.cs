namespace Wetware.Rpc.Hooks;

/// <summary>A settled reference that leads to another: what is called here goes on there, but comes by here.</summary>
/// <param name="target">One count passes.</param>
internal sealed class DetourHook(ClientHook target) : ClientHook
{
    public override ClientHook Resolution => target;

    public override RpcException? Error => target.Error;

    public override void Deliver(CallContext call) => target.Deliver(call);

    public override void Pass(IOrderMark mark) => target.Pass(mark);

    protected override void LetGo() => target.Release();
}
