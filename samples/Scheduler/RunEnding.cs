namespace Wetware.Samples.Scheduler;

/// <summary>How a run ended.</summary>
internal enum RunEnding
{
    /// <summary>By itself.</summary>
    Exited,

    /// <summary>It did what WebAssembly forbids, or used too much memory or stack.</summary>
    Trapped,

    /// <summary>It ran longer than the task allows.</summary>
    TimedOut,

    /// <summary>It wrote more than <see cref="Limits.OutputBytesMax"/>.</summary>
    OutputExceeded,

    /// <summary>It could not be started.</summary>
    Refused,

    /// <summary>Every worker that took it was lost.</summary>
    Lost,
}
