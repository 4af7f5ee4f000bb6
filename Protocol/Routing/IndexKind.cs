namespace Wetware.Protocol.Routing;

/// <summary>The indexes of the routing table.</summary>
public enum IndexKind
{
    /// <summary>By peer id, in the order of its base58 text.</summary>
    Peer,

    /// <summary>By server id, in the order of its hexadecimal text, which is that of the number.</summary>
    Server,

    /// <summary>By host name, in byte order; records without one are not in it.</summary>
    Host,

    /// <summary>By label "key=value", in byte order; a record is in it once for each label.</summary>
    Meta,
}
