namespace Wetware.Membership.Routing;

/// <summary>One difference between the answers that a query has in two snapshots.</summary>
/// <param name="Kind">What became of the record.</param>
/// <param name="Record">As it is now; as it was last, if it left.</param>
public readonly record struct AnswerChange(AnswerChangeKind Kind, PeerRecord Record);
