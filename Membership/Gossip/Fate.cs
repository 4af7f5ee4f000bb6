namespace Wetware.Membership.Gossip;

/// <summary>How a member came to be out of the view.</summary>
internal enum Fate
{
    /// <summary>Its observers gave it up: only a newer record brings it back.</summary>
    Died,

    /// <summary>It said that it is going: only a newer record brings it back, and nobody looks for it.</summary>
    Left,

    /// <summary>This node heard from nobody for longer than the record counts: any word of it brings it back.</summary>
    Lost,
}
