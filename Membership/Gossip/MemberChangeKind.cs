namespace Wetware.Membership.Gossip;

/// <summary>What happened to a member.</summary>
public enum MemberChangeKind
{
    /// <summary>It was not known before.</summary>
    Joined,

    /// <summary>It said something new of itself.</summary>
    Updated,

    /// <summary>It said that it is going.</summary>
    Left,

    /// <summary>Its observers gave it up.</summary>
    Died,
}
