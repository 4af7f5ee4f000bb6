namespace Wetware.Host.Services.Anchors;

/// <summary>The limits of anchors; each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Characters of a path of anchors.</summary>
    public const int AnchorPathCharsMax = 4_096;

    /// <summary>Names of a path of anchors, and levels of a tree of them: what people can still name.</summary>
    public const int AnchorDepthMax = 32;

    /// <summary>Anchors of one node; each takes some hundred bytes beside its name and value.</summary>
    public const int AnchorsMax = 65_536;

    /// <summary>Bytes of data in one anchor. Large values belong into a capability that hands them out.</summary>
    public const int AnchorDataBytesMax = 64 << 10;

    /// <summary>Bytes of data in all anchors of one node.</summary>
    public const long AnchorsBytesMax = 64L << 20;
}
