namespace Wetware.Host.Services.Processes;

/// <summary>What the WebAssembly programs that a node runs may use. Instances are immutable; change one with a <c>with</c> expression.</summary>
public sealed record ProcessOptions
{
    /// <summary>The defaults.</summary>
    public static ProcessOptions Default { get; } = new();

    /// <summary>Programs that run at a time on the node. Each holds a thread and its memory.</summary>
    public int ProcessesMax { get; init; } = 1024;

    /// <summary>Programs that run at a time for one session, those included that its programs start.</summary>
    public int SessionProcessesMax { get; init; } = 64;

    /// <summary>Bytes of memory of one program; a whole number of 64 KiB pages.</summary>
    public long MemoryBytesMax { get; init; } = 256L << 20;

    /// <summary>Bytes of stack of one program.</summary>
    public int StackBytes { get; init; } = 1 << 20;

    /// <summary>How long a program may run; null is for ever.</summary>
    public TimeSpan? WallTimeMax { get; init; }

    /// <summary>How long the program of a crawl may take for one page.</summary>
    public TimeSpan ItemTimeMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of bytecode that the node keeps; what was used least recently is forgotten.</summary>
    public long BytecodeBytesMax { get; init; } = 256L << 20;

    /// <summary>Bytes of compiled modules that the node keeps.</summary>
    public long CompiledBytesMax { get; init; } = 512L << 20;

    internal string? Reject() =>
        ProcessesMax < 0 || SessionProcessesMax < 0 ? "Processes: counts must not be negative"
        : MemoryBytesMax is < Limits.WasmPageBytes or > 4L << 30 ? "Processes: MemoryBytesMax must lie between 64 KiB and 4 GiB"
        : StackBytes is < 64 << 10 or > 64 << 20 ? "Processes: StackBytes must lie between 64 KiB and 64 MiB"
        : WallTimeMax <= TimeSpan.Zero || ItemTimeMax <= TimeSpan.Zero ? "Processes: WallTimeMax and ItemTimeMax must be positive"
        : BytecodeBytesMax <= 0 || CompiledBytesMax <= 0 ? "Processes: caches must have room"
        : null;
}
