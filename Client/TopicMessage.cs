namespace Wetware.Client;

/// <summary>A message of a topic.</summary>
/// <param name="Data">What was published.</param>
/// <param name="Lost">How many messages before it were dropped, because the subscriber was slow.</param>
public readonly record struct TopicMessage(ReadOnlyMemory<byte> Data, ulong Lost);
