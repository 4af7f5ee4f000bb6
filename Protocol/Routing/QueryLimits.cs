namespace Wetware.Protocol.Routing;

/// <summary>The bounds of queries of the routing table.</summary>
public static class QueryLimits
{
    /// <summary>The longest host name or label "key=value", in bytes: one line of text, so that a heartbeat stays a few datagrams. A longer key is refused.</summary>
    public const int LabelBytesMax = 255;

    /// <summary>The longest query, in characters: a line that a person types. A longer one is refused.</summary>
    public const int TextCharsMax = 4096;
}
