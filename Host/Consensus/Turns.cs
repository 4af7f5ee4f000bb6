namespace Wetware.Host.Consensus;

/// <summary>
/// Which thread runs a loop's turns: the one that brings work to an idle loop, since a turn waits for nothing and waking another thread takes longer than
/// most turns do. A thread that has run many hands the loop to the loop's own thread, as does one that is in the midst of other people's code.
/// </summary>
internal static class Turns
{
    /// <summary>Turns that a thread runs for the sake of one thing that it brought.</summary>
    public const int Max = 16;

    [ThreadStatic]
    private static Queue<RaftLoop>? t_waiting;

    [ThreadStatic]
    private static bool t_isRunning;

    [ThreadStatic]
    private static bool t_isAway;

    /// <summary>Runs the turns of a loop that this thread has just got hold of, and of those to which it then brings work.</summary>
    /// <param name="loop">Which.</param>
    /// <param name="turnsMax">After how many the rest is handed over.</param>
    public static void Run(RaftLoop loop, int turnsMax)
    {
        if (t_isAway)
        {
            loop.HandOver();
            return;
        }

        var waiting = t_waiting ??= new();
        waiting.Enqueue(loop);
        if (t_isRunning)
        {
            return;
        }

        t_isRunning = true;
        while (waiting.TryDequeue(out var next))
        {
            if (turnsMax-- <= 0)
            {
                next.HandOver();
            }
            else if (next.TakeTurn())
            {
                waiting.Enqueue(next);
            }
        }

        t_isRunning = false;
    }

    /// <summary>Lets those who wait for proposals go on. What they do then may take long, so this thread brings no turns with it.</summary>
    public static void Resume(ReadOnlySpan<Proposal> proposals)
    {
        t_isAway = true;
        foreach (var proposal in proposals)
        {
            proposal.Resume();
        }

        t_isAway = false;
    }
}
