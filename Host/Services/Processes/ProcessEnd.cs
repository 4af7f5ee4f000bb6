using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Processes;

/// <summary>How a process ended.</summary>
/// <param name="Ending">In which of three ways.</param>
/// <param name="ExitCode">What it chose, or what shells report for an abort and a kill.</param>
/// <param name="Reason">Why, in words; empty for one that exited.</param>
internal readonly record struct ProcessEnd(Ending Ending, uint ExitCode, string Reason)
{
    // 128 and the number of SIGABRT and SIGKILL.
    private const uint TrapCode = 134;
    private const uint KillCode = 137;

    public static ProcessEnd Exited(uint code) => new(Ending.Exited, code, string.Empty);

    public static ProcessEnd Trapped(string reason) => new(Ending.Trapped, TrapCode, reason);

    public static ProcessEnd Killed() => new(Ending.Killed, KillCode, "killed");
}
