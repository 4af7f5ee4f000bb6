namespace Wetware.Fuzz.Disk;

/// <summary>What a simulated disk does wrong. Chances are from 0 to 1; all zero is a disk that only loses unsynced writes in a crash.</summary>
internal sealed record DiskFaults
{
    public static DiskFaults None { get; } = new();

    /// <summary>Of each unsynced sector: that a crash finds it written after all.</summary>
    public double SurviveChance { get; init; } = 0.5;

    /// <summary>Of each unsynced sector: that a crash leaves noise in it.</summary>
    public double GarbageChance { get; init; }

    /// <summary>Of each sync: that it fails, and that its writes are dropped though they can still be read until the next crash.</summary>
    public double SyncFailChance { get; init; }

    /// <summary>Of each write: that it lands at another place of the same file, and is acknowledged all the same.</summary>
    public double MisdirectChance { get; init; }

    /// <summary>Of each read: that the drive reports an error.</summary>
    public double ReadFailChance { get; init; }

    /// <summary>Of each sync: that the disk hangs for <see cref="StallTicks"/>.</summary>
    public double StallChance { get; init; }

    /// <summary>Ticks of one stall; a sync otherwise takes one.</summary>
    public long StallTicks { get; init; } = 1000;
}
