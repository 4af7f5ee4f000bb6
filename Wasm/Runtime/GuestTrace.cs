using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Wetware.Wasm.Runtime;

/// <summary>Finds the guest's functions in a .NET stack trace. Emitted methods are named after their function's index.</summary>
internal static class GuestTrace
{
    public const string MethodPrefix = "f";

    /// <summary>For a function whose stack check is a method of its own, that one has <see cref="MethodPrefix"/>.</summary>
    public const string LargeMethodPrefix = "F";

    private static readonly ConditionalWeakTable<Type, CompiledModule> Modules = [];

    public static void Register(Type code, CompiledModule module) => Modules.Add(code, module);

    /// <summary>The trap behind an overflow that emitted code's bounds check raised.</summary>
    public static TrapException MemoryFault(OverflowException fault)
    {
        foreach (var frame in new StackTrace(fault, false).GetFrames())
        {
            if (Find(frame) is var (module, function))
            {
                return new TrapException(TrapKind.MemoryOutOfBounds, function, module.NameOf(function), module.OffsetOf(function), fault);
            }
        }

        return new TrapException(TrapKind.MemoryOutOfBounds, -1, "an unknown function", 0, fault);
    }

    /// <summary>The guest functions on the stack of an exception, innermost first.</summary>
    public static List<string> Names(Exception fault)
    {
        var names = new List<string>();
        foreach (var frame in new StackTrace(fault, false).GetFrames())
        {
            if (Find(frame) is var (module, function))
            {
                names.Add(module.NameOf(function));
                if (names.Count == TrapException.GuestFramesMax)
                {
                    break;
                }
            }
        }

        return names;
    }

    private static (CompiledModule Module, int Function)? Find(StackFrame frame)
    {
        var method = frame.GetMethod();
        return method?.DeclaringType is { } type
            && Modules.TryGetValue(type, out var module)
            && int.TryParse(method.Name.AsSpan(MethodPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var function)
            ? (module, function)
            : null;
    }
}
