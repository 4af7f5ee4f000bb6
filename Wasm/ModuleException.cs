namespace Wetware.Wasm;

/// <summary>A module was refused before any of its code ran.</summary>
public sealed class ModuleException : Exception
{
    internal ModuleException(ModuleFault fault, long offset, string reason)
        : base($"{reason} (at byte {offset})")
    {
        Fault = fault;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The class of the fault.</summary>
    public ModuleFault Fault { get; }

    /// <summary>Where in the module's bytes the fault was noticed.</summary>
    public long Offset { get; }

    /// <summary>What is wrong, in words.</summary>
    public string Reason { get; }
}
