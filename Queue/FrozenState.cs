namespace Wetware.Queue;

/// <summary>The topics and messages as they were when they were frozen, to be read on any thread until they are released.</summary>
/// <param name="Clock">The replicated clock.</param>
/// <param name="Topics">In the order of their numbers.</param>
/// <param name="Messages">By slot.</param>
/// <param name="Payloads">Of the messages.</param>
internal sealed record FrozenState(ulong Clock, FrozenTopic[] Topics, PagedArray<Message> Messages, Arena Payloads);
