namespace Wetware.Cli;

/// <summary>What the process says when it ends.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The work was understood and failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood, or an option has a value that cannot work.</summary>
    public const int Usage = 2;

    /// <summary>Interrupted by the user, as shells report SIGINT.</summary>
    public const int Interrupted = 130;
}
