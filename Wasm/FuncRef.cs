using Wetware.Wasm.Runtime;

namespace Wetware.Wasm;

/// <summary>A function together with the instance it belongs to: what a funcref holds. Emitted code calls through it.</summary>
public sealed class FuncRef
{
    /// <summary>The code. Invariant: takes <see cref="Context"/>, then what <see cref="Type"/> says.</summary>
    internal readonly nint Code;

    /// <summary>The first argument of the code; keeps the code's assembly alive.</summary>
    internal readonly InstanceContext Context;

    /// <summary><see cref="FunctionType.Key"/>, kept here so that a call reads it without another indirection.</summary>
    internal readonly long Key;

    internal FuncRef(nint code, InstanceContext context, FunctionType type)
    {
        Code = code;
        Context = context;
        Key = type.Key;
        Type = type;
    }

    /// <summary>What the function takes and returns.</summary>
    public FunctionType Type { get; }
}
