namespace Wetware.Queue;

/// <summary>A copy of a session.</summary>
internal sealed class FrozenSession(Session session)
{
    public readonly ulong Id = session.Id;
    public readonly ulong LastUsed = session.LastUsed;
    public readonly ulong[] Sequences = [.. session.Sequences];
    public readonly Block[] Replies = [.. session.Replies];
}
