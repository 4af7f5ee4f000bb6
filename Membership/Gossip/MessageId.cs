namespace Wetware.Membership.Gossip;

/// <summary>The name of one message of a topic.</summary>
/// <param name="Origin">Who published it, by short name.</param>
/// <param name="Number">Its place among everything that this start of the publisher published; starts from the clock.</param>
public readonly record struct MessageId(ulong Origin, ulong Number);
