namespace Wetware.Client;

/// <summary>How a program ended. The order is that of the schema.</summary>
public enum ProcessEnding
{
    /// <summary>By itself, with the exit code that it chose.</summary>
    Exited,

    /// <summary>It did what WebAssembly forbids, or reached a limit.</summary>
    Trapped,

    /// <summary>From outside.</summary>
    Killed,
}
