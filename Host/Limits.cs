namespace Wetware.Host;

/// <summary>The limits of the node; each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Characters. A namespace travels in every handshake.</summary>
    public const int NamespaceCharsMax = 64;

    /// <summary>Characters of one "key=value". Meta travels in every heartbeat, which must fit a datagram.</summary>
    public const int MetaCharsMax = 256;
}
