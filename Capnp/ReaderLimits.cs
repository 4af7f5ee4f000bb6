namespace Wetware.Capnp;

/// <summary>What a message from outside may ask of its reader.</summary>
public sealed record ReaderLimits
{
    /// <summary>The limits of the C++ implementation.</summary>
    public static ReaderLimits Default { get; } = new();

    /// <summary>Words (8 bytes) that may be read, each visit counted; also the largest message that is accepted.</summary>
    public long TraversalWordsMax { get; init; } = Limits.TraversalWordsMax;

    /// <summary>How deeply pointers may nest.</summary>
    public int NestingMax { get; init; } = Limits.NestingMax;

    /// <summary>How many segments there may be.</summary>
    public int SegmentsMax { get; init; } = Limits.SegmentsMax;
}
