namespace Wetware.Capnp;

/// <summary>The limits of the encoding.</summary>
public static class Limits
{
    /// <summary>Words (8 bytes) that may be read from one message, each visit counted; the C++ implementation's default, 64 MiB.</summary>
    public const long TraversalWordsMax = 8 * 1024 * 1024;

    /// <summary>How deeply pointers of a message from outside may nest, so that recursion over it is bounded.</summary>
    public const int NestingMax = 64;

    /// <summary>How deeply pointers of a message that this process built are followed; a thousand frames fit any stack.</summary>
    public const int BuilderNestingMax = 1024;

    /// <summary>Segments in a message from outside, so that its segment table is small whatever it claims.</summary>
    public const int SegmentsMax = 512;

    /// <summary>Bytes of the first segment of a new message: most calls fit.</summary>
    internal const int FirstSegmentBytes = 8 * 1024;

    /// <summary>Bytes of a further segment at most, unless one object is larger; growth doubles up to here.</summary>
    internal const int NextSegmentBytesMax = 16 * 1024 * 1024;

    /// <summary>Bytes that an idle message keeps for its next use at most.</summary>
    internal const int RetainedBytesMax = 1024 * 1024;

    /// <summary>Words of a segment at most: positions in it are 32-bit byte offsets into an array.</summary>
    internal const int SegmentWordsMax = 0x7FFF_FFC0 / 8;

    /// <summary>Elements of a list at most: the pointer has 29 bits for the count.</summary>
    internal const int ListElementsMax = (1 << 29) - 1;

    /// <summary>Capabilities in one message at most, far beyond any real use, so that a table cannot be made to exhaust memory.</summary>
    internal const int CapabilitiesMax = 1 << 20;

    /// <summary>Fields of a struct, values of an enum, methods of an interface at most: ordinals have 16 bits.</summary>
    internal const int SchemaMembersMax = 1 << 16;

    /// <summary>Checks a schema's count of something before room is made for it.</summary>
    internal static int CheckedCount(int count) =>
        count <= SchemaMembersMax ? count : throw new DecodeException("a schema declares more members than there are ordinals");
}
