namespace Wetware.Rpc.Hooks;

/// <summary>A reference whose every call fails with one error. Also what a null capability is.</summary>
internal sealed class BrokenHook(RpcException error, bool isNull = false) : ClientHook
{
    public override RpcException Error => error;

    public bool IsNull => isNull;

    public static BrokenHook Null() => new(new RpcException(RpcErrorType.Failed, "called a null capability"), isNull: true);

    public override void Deliver(CallContext call) => call.Fail(error);

    protected override void LetGo()
    {
        // Nothing is behind an error.
    }
}
