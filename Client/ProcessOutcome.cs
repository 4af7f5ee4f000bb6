namespace Wetware.Client;

/// <summary>The end of a program.</summary>
/// <param name="ExitCode">What it chose; 134 for a trap and 137 for a kill, as shells report them.</param>
/// <param name="Ending">In which way.</param>
/// <param name="Reason">Why, in one line; empty for one that exited.</param>
public sealed record ProcessOutcome(uint ExitCode, ProcessEnding Ending, string Reason);
