namespace Wetware.Capnp;

/// <summary>The limits of the encoding: what each counts, what happens at it, and why it is as it is.</summary>
public static class Limits
{
    /// <summary>
    /// Words (8 bytes) that may be read from one message, each visit counted: 64 MiB, as in the C++ implementation. Reading more throws.
    /// </summary>
    public const long TraversalWordsMax = 8 * 1024 * 1024;

    /// <summary>
    /// How deeply the pointers of a received message may nest, so that recursion over it is bounded. Following a deeper one throws.
    /// </summary>
    public const int NestingMax = 64;

    /// <summary>
    /// How deeply the pointers of a message that this process built are followed. Following a deeper one throws; a thousand stack frames
    /// always fit.
    /// </summary>
    public const int BuilderNestingMax = 1024;

    /// <summary>Segments of a received message, so that its segment table is small. A message that claims more is malformed.</summary>
    public const int SegmentsMax = 512;

    /// <summary>Bytes of the first segment of a new message. Most calls fit; a larger message gets further segments.</summary>
    internal const int FirstSegmentBytes = 8 * 1024;

    /// <summary>Bytes of the largest further segment, unless one object is larger. Segments double in size up to here.</summary>
    internal const int NextSegmentBytesMax = 16 * 1024 * 1024;

    /// <summary>Bytes that an idle message keeps for its next use. The rest goes back to the array pool.</summary>
    internal const int RetainedBytesMax = 1024 * 1024;

    /// <summary>Words of the largest segment: positions are 32-bit byte offsets into an array. Making a larger one throws.</summary>
    internal const int SegmentWordsMax = 0x7FFF_FFC0 / 8;

    /// <summary>Elements of the longest list: a pointer has 29 bits for the count. Making a longer one throws.</summary>
    internal const int ListElementsMax = (1 << 29) - 1;

    /// <summary>Capabilities in one message, far more than any use needs. Adding another throws.</summary>
    internal const int CapabilitiesMax = 1 << 20;

    /// <summary>
    /// Fields of a struct, values of an enum, methods of an interface: ordinals have 16 bits. A schema that declares more is malformed.
    /// </summary>
    internal const int SchemaMembersMax = 1 << 16;

    /// <summary>Checks a schema's count of something before room is made for it.</summary>
    internal static int CheckedCount(int count) =>
        count <= SchemaMembersMax ? count : throw new DecodeException("a schema declares more members than there are ordinals");
}
