namespace Wetware.Host.Services.Registry;

/// <summary>The limits of the registry; each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Bytes of the name of a service; the same as of a topic.</summary>
    public const int ServiceBytesMax = 255;

    /// <summary>Bytes of one location of a service, with what it costs to keep it: a handful of addresses and some labels.</summary>
    public const long LocationBytesMax = 16 << 10;

    /// <summary>Locations that one node lists.</summary>
    public const int ProvidersMax = 16_384;

    /// <summary>Bytes of all locations that one node lists. They must fit into one answer, if they are all of one service.</summary>
    public const long ProvidersBytesMax = 8L << 20;

    /// <summary>Locations that one session keeps listed.</summary>
    public const int SessionProvidersMax = 1_024;

    /// <summary>Nodes that are asked at once for the providers of a service.</summary>
    public const int FindNodesMax = 16;
}
