namespace Wetware.Protocol.Queues;

/// <summary>A topic as a query lists it.</summary>
/// <param name="Topic">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Stats">Its counts.</param>
public sealed record TopicInfo(TopicId Topic, string Name, TopicStats Stats);
