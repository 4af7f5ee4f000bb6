using Wetware.Core;

namespace Wetware.Wasm;

/// <summary>What a module may ask of the compiler. Exceeding one refuses the module with <see cref="ModuleFault.LimitExceeded"/> and the limit's name.</summary>
public sealed record ModuleLimits
{
    /// <summary>Pages of 64 KiB in the whole 32-bit address space; the format allows no more.</summary>
    public const uint MemoryPagesCeiling = 65_536;

    /// <summary>The limits used where none are given.</summary>
    public static ModuleLimits Default { get; } = new();

    /// <summary>Bytes of a module. 64 MiB holds every program seen from Go and C++ with room to spare.</summary>
    public int ModuleBytesMax { get; init; } = 64 << 20;

    /// <summary>Function types of a module.</summary>
    public int TypesMax { get; init; } = 100_000;

    /// <summary>Functions of a module, imports included. Each costs about 1 KB of compiler memory.</summary>
    public int FunctionsMax { get; init; } = 100_000;

    /// <summary>Imports of a module, of all kinds.</summary>
    public int ImportsMax { get; init; } = 10_000;

    /// <summary>Exports of a module, of all kinds.</summary>
    public int ExportsMax { get; init; } = 100_000;

    /// <summary>Globals of a module, imports included; each costs 16 bytes an instance.</summary>
    public int GlobalsMax { get; init; } = 100_000;

    /// <summary>Tables of a module, imports included.</summary>
    public int TablesMax { get; init; } = 100;

    /// <summary>Element segments and data segments of a module, each.</summary>
    public int SegmentsMax { get; init; } = 100_000;

    /// <summary>Elements over all element segments: what an instance may allocate for them.</summary>
    public int SegmentElementsMax { get; init; } = 10_000_000;

    /// <summary>Locals of a function, parameters included. They become stack space, so the stack's head-room depends on it.</summary>
    public int LocalsMax { get; init; } = 50_000;

    /// <summary>Parameters, and results, of a function type, each.</summary>
    public int ParametersMax { get; init; } = 1_000;

    /// <summary>Bytes of one function's body; the JIT's time on one function grows with it.</summary>
    public int BodyBytesMax { get; init; } = 8 << 20;

    /// <summary>Blocks inside blocks.</summary>
    public int NestingMax { get; init; } = 10_000;

    /// <summary>
    /// Operands of a function at a time. Each may need an IL local of each of the seven types, of which IL has 65,535, and a place in the frame: a call of
    /// two bytes can leave a thousand.
    /// </summary>
    public int OperandsMax { get; init; } = 2_000;

    /// <summary>Targets of one br_table.</summary>
    public int BranchTargetsMax { get; init; } = 65_536;

    /// <summary>Time to decode, validate and emit one module. The JIT runs later, function by function, when each is first called.</summary>
    public TimeSpan CompileTimeMax { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        Invariant.Check(ModuleBytesMax > 0 && BodyBytesMax > 0 && CompileTimeMax > TimeSpan.Zero);
        Invariant.Check(TypesMax >= 0 && FunctionsMax >= 0 && ImportsMax >= 0 && ExportsMax >= 0 && GlobalsMax >= 0);
        Invariant.Check(TablesMax >= 0 && SegmentsMax >= 0 && SegmentElementsMax >= 0 && BranchTargetsMax >= 0 && NestingMax > 0);
        // A method of the base library's reflection emit takes at most 65,535 locals.
        Invariant.Check(OperandsMax is > 0 and <= 2_000);
        Invariant.Check(LocalsMax is >= 0 and <= 50_000 && ParametersMax is >= 0 and <= 1_000);
    }
}
