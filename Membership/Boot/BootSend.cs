namespace Wetware.Membership.Boot;

/// <summary>What to do with the answer to a boot packet.</summary>
public enum BootSend
{
    /// <summary>There is none.</summary>
    Nothing,

    /// <summary>Send it to the whole multicast group: a survey asks on behalf of everybody.</summary>
    ToGroup,

    /// <summary>Send it to where the packet came from.</summary>
    ToSender,
}
