namespace Wetware.Membership.Gossip;

/// <summary>How a view changed.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Record">The member's record; of one that is gone, its last.</param>
public readonly record struct MemberChange(MemberChangeKind Kind, SignedRecord Record);
