using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Wetware.Wasm.Runtime;

/// <summary>
/// Where emitted code goes when it cannot go on. The methods take the running instance, the function's index and the instruction's
/// offset; each throws, and is never inlined, so that its callers stay small.
/// </summary>
internal static class Trap
{
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Throw(TrapKind kind, InstanceContext context, int function, int offset) => throw Make(kind, context, function, offset);

    /// <summary>For <c>unreachable</c>, whose block in emitted code ends with a throw.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception Unreachable(InstanceContext context, int function, int offset) => Make(TrapKind.Unreachable, context, function, offset);

    /// <summary>A function entry found the stack limit passed, or a loop header found the interrupt flag: says which.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception Stopped(InstanceContext context, int function, int offset)
    {
        var reason = Volatile.Read(ref context.Interrupt);
        return Make(reason == 0 ? TrapKind.CallStackExhausted : (TrapKind)(reason - 1), context, function, offset);
    }

    public static TrapException Make(TrapKind kind, InstanceContext? context, int function, int offset) =>
        new(kind, function, context?.Instance?.Module.NameOf(function) ?? $"function {function}", offset);
}
