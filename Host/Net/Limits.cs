namespace Wetware.Host.Net;

/// <summary>The limits of connections; each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Connections accepted at once.</summary>
    public const int ConnectionsMax = 4_096;

    /// <summary>
    /// Seconds that a stranger may take to prove who it is: long enough for one of many that start at once on a slow machine, short enough that
    /// silent connections do not pile up.
    /// </summary>
    public const int HandshakeSecondsMax = 15;
}
