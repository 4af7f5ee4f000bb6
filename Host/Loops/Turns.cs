namespace Wetware.Host.Loops;

/// <summary>
/// Which thread runs a loop's turns: the one that brings an event to an idle loop, since a turn waits for nothing and waking another thread takes longer than
/// most turns do. A thread that has run many hands the loop to the loop's own thread, as does one that is in the midst of other people's code.
/// </summary>
internal static class Turns
{
    /// <summary>Turns that a thread runs for one event that it brought. After them the loop's own thread goes on.</summary>
    public const int Max = 16;

    [ThreadStatic]
    private static Queue<ILoop>? t_waiting;

    [ThreadStatic]
    private static bool t_isRunning;

    [ThreadStatic]
    private static bool t_isAway;

    /// <summary>Runs the turns of a loop that this thread has just got hold of, and of those to which it then brings events.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="turnsMax">After how many turns the rest is handed over.</param>
    public static void Run(ILoop loop, int turnsMax)
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

    /// <summary>From now on this thread is in other people's code, which may take long: it runs no turns until <see cref="Return"/>.</summary>
    public static void Leave() => t_isAway = true;

    /// <summary>The thread is back from other people's code.</summary>
    public static void Return() => t_isAway = false;
}
