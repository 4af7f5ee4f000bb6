namespace Wetware.Protocol.Routing;

/// <summary>One change in what a query yields.</summary>
/// <param name="Kind">What became of the record.</param>
/// <param name="Record">As it is now; as it was last, if it left.</param>
public sealed record ClusterChange(ClusterChangeKind Kind, ClusterRecord Record);
