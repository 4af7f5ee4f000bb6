namespace Wetware.Wasm;

/// <summary>A host function threw an <see cref="OverflowException"/>, which would otherwise be mistaken for the guest's own fault. Other exceptions of host functions pass through as they are.</summary>
public sealed class HostFunctionException : Exception
{
    private HostFunctionException(Exception inner)
        : base("a host function failed: " + inner.Message, inner)
    {
    }

    internal static Exception Wrap(OverflowException inner) => new HostFunctionException(inner);
}
