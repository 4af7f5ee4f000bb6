using Wetware.Wasm.Runtime;

namespace Wetware.Wasm;

/// <summary>A guest was stopped. Its store can still be inspected, and other functions called, unless it was interrupted.</summary>
public sealed class TrapException : Exception
{
    /// <summary>How many frames a trace keeps.</summary>
    public const int GuestFramesMax = 64;

    private IReadOnlyList<string>? _frames;

    internal TrapException(TrapKind kind, int function, string name, int offset, Exception? inner = null)
        : base($"{Describe(kind)} in {name}" + (offset > 0 ? $" at byte {offset}" : string.Empty), inner)
    {
        Kind = kind;
        Function = function;
        FunctionName = name;
        Offset = offset;
    }

    /// <summary>Why.</summary>
    public TrapKind Kind { get; }

    /// <summary>The index of the function that was running, or -1 where none was.</summary>
    public int Function { get; }

    /// <summary>The function's name from the module's name section, or its number in words.</summary>
    public string FunctionName { get; }

    /// <summary>Where in the module's bytes the instruction, or for a stopped function its code, begins; 0 where no instruction is to blame.</summary>
    public int Offset { get; }

    /// <summary>The guest functions that were active, innermost first; cut after <see cref="GuestFramesMax"/>. The JIT may have merged a small one into its caller.</summary>
    public IReadOnlyList<string> GuestFrames => _frames ??= Trace();

    /// <summary>The JIT may jump from a function to what throws, which leaves no frame of the function itself.</summary>
    private List<string> Trace()
    {
        var names = GuestTrace.Names(InnerException ?? this);
        if (Function >= 0 && (names.Count == 0 || names[0] != FunctionName))
        {
            names.Insert(0, FunctionName);
        }

        return names;
    }

    private static string Describe(TrapKind kind) => kind switch
    {
        TrapKind.Unreachable => "unreachable",
        TrapKind.MemoryOutOfBounds => "out of bounds memory access",
        TrapKind.TableOutOfBounds => "out of bounds table access",
        TrapKind.UndefinedElement => "undefined element",
        TrapKind.UninitializedElement => "uninitialized element",
        TrapKind.IndirectCallTypeMismatch => "indirect call type mismatch",
        TrapKind.IntegerDivideByZero => "integer divide by zero",
        TrapKind.IntegerOverflow => "integer overflow",
        TrapKind.InvalidConversionToInteger => "invalid conversion to integer",
        TrapKind.CallStackExhausted => "call stack exhausted",
        TrapKind.Interrupted => "interrupted",
        TrapKind.TimeExhausted => "time exhausted",
        _ => "fuel exhausted",
    };
}
