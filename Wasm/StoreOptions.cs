using Wetware.Core;

namespace Wetware.Wasm;

/// <summary>What the guests of one store may use together.</summary>
public sealed record StoreOptions
{
    /// <summary>The options used where none are given.</summary>
    public static StoreOptions Default { get; } = new();

    /// <summary>Pages of 64 KiB of each memory. The default is 1 GiB; a guest asking for more sees memory.grow fail.</summary>
    public uint MemoryPagesMax { get; init; } = 16_384;

    /// <summary>Elements of each table: 10 million references are 80 MB.</summary>
    public uint TableElementsMax { get; init; } = 10_000_000;

    /// <summary>Instances in the store.</summary>
    public int InstancesMax { get; init; } = 100;

    /// <summary>
    /// Bytes of thread stack that guests may fill with nested calls. It is what a thread of <see cref="GuestThread"/> gets; a call
    /// from any other thread has at most <see cref="ForeignStackBytesMax"/>.
    /// </summary>
    public int StackBytes { get; init; } = 1 << 20;

    /// <summary>The guest stack on a thread that <see cref="GuestThread"/> did not make, and whose size is therefore unknown.</summary>
    public const int ForeignStackBytesMax = 256 << 10;

    /// <summary>Instructions that guests may execute, counted only in modules compiled with <see cref="CompileOptions.Fuel"/>; null is unlimited.</summary>
    public long? Fuel { get; init; }

    /// <summary>Time from the store's creation until its guests are stopped; null is unlimited.</summary>
    public TimeSpan? WallTimeMax { get; init; }

    /// <summary>The clock that <see cref="WallTimeMax"/> is measured by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        Invariant.Check(MemoryPagesMax <= ModuleLimits.MemoryPagesCeiling && InstancesMax > 0);
        Invariant.Check(TableElementsMax <= int.MaxValue / sizeof(long));
        Invariant.Check(StackBytes is >= 64 << 10 and <= 64 << 20);
        Invariant.Check(Fuel is null or >= 0);
        Invariant.Check(WallTimeMax is null || WallTimeMax > TimeSpan.Zero);
    }
}
