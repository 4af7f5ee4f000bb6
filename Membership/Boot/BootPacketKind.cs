namespace Wetware.Membership.Boot;

/// <summary>The kinds of boot packet, by their number in the schema's union.</summary>
public enum BootPacketKind
{
    /// <summary>Asks whoever is at the address it is sent to.</summary>
    Request = 0,

    /// <summary>Asks everybody in a multicast group who is near enough.</summary>
    Survey = 1,

    /// <summary>Answers either.</summary>
    Response = 2,
}
