namespace Wetware.Protocol.Routing;

/// <summary>Some changes in what a query yields, in the order in which they are to be applied.</summary>
/// <param name="Items">The changes.</param>
/// <param name="IsCurrent">
/// Whether, with these applied, the answer is whole as of one moment. All changes up to the first time are the records that the query yielded
/// when it was asked, in its order.
/// </param>
public sealed record ClusterChanges(IReadOnlyList<ClusterChange> Items, bool IsCurrent);
