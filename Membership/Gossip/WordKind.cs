namespace Wetware.Membership.Gossip;

/// <summary>What one member says to another about a third.</summary>
public enum WordKind
{
    /// <summary>Please try to reach it, and vouch for it if you can.</summary>
    Reach,

    /// <summary>I heard from it, so many milliseconds ago.</summary>
    Vouch,

    /// <summary>I cannot reach it: a vote of one of its observers.</summary>
    Alert,

    /// <summary>Its observers gave it up just now.</summary>
    Dead,

    /// <summary>I buried it some time ago; look whether it lives. To the subject itself: speak up if you do.</summary>
    Buried,
}
