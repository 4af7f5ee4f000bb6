using System.Diagnostics;
using Wetware.Rpc.Hooks;

namespace Wetware.Rpc;

/// <summary>
/// Counts, in debug builds, the references that were collected without having been disposed. Tests read it; a program
/// may print it at its end. Costs nothing in release builds.
/// </summary>
public static class LeakDetector
{
    private static long s_leaked;

    /// <summary>References that the collector found undisposed since the start; always 0 in release builds.</summary>
    public static long Leaked => Volatile.Read(ref s_leaked);

    [Conditional("DEBUG")]
    internal static void Finalized(ClientHook? hook)
    {
        // A reference to a plain error or to nothing holds nothing, so losing it is no leak.
        if (hook is not null and not BrokenHook)
        {
            Interlocked.Increment(ref s_leaked);
        }
    }
}
