using Wetware.Core.Identity;

namespace Wetware.Membership.Gossip;

/// <summary>A message of a topic, sealed by its publisher. Invariant: the envelope was opened and its signer is the origin.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Data">What was published.</param>
/// <param name="Envelope">The signed bytes that say all of it.</param>
public sealed record TopicMessage(MessageId Id, string Topic, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Envelope);
