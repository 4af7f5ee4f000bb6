namespace Wetware.Queue;

/// <summary>The sessions as they were when they were frozen, to be read on any thread until they are released.</summary>
internal sealed class FrozenSessions(SessionTable sessions, Arena replies)
{
    public readonly ulong NextId = sessions.NextId;

    /// <summary>From the longest idle to the newest.</summary>
    public readonly FrozenSession[] All = Copy(sessions);

    public ReadOnlySpan<byte> Reply(FrozenSession session, int place) => replies.Read(session.Replies[place]);

    private static FrozenSession[] Copy(SessionTable sessions)
    {
        var copies = new FrozenSession[sessions.Count];
        var i = 0;
        for (var session = sessions.Oldest; session is not null; session = session.Newer)
        {
            copies[i++] = new FrozenSession(session);
        }

        return copies;
    }
}
