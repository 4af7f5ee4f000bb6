namespace Wetware.Wasm.Runtime;

/// <summary>The context of a host function: its delegate, and the instance that imported it.</summary>
internal sealed class HostContext(Delegate target, Instance? caller) : InstanceContext
{
    public readonly Delegate Target = target;

    public readonly Instance? Caller = caller;
}
