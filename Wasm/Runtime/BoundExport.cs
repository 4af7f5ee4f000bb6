namespace Wetware.Wasm.Runtime;

/// <summary>What a typed delegate over an exported function is closed over.</summary>
internal sealed class BoundExport(Store store, FuncRef function)
{
    public readonly Store Store = store;

    public readonly InstanceContext Context = function.Context;

    public readonly nint Code = function.Code;

    /// <summary>Keeps the code alive while a delegate can call it.</summary>
    public readonly FuncRef Function = function;
}
