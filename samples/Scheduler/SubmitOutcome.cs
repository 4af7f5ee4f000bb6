namespace Wetware.Samples.Scheduler;

/// <summary>What became of a submission.</summary>
internal enum SubmitOutcome
{
    /// <summary>The task is kept, and its runs are in line.</summary>
    Accepted,

    /// <summary>A task of that id is there, or was.</summary>
    IdTaken,

    /// <summary>There are as many tasks, or as many bytes of programs, as the cluster keeps.</summary>
    Full,
}
