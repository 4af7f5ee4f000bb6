namespace Wetware.Samples.Scheduler;

/// <summary>A task as the cluster keeps it: what is to be done, and what became of it. Replaced as a whole by its next version.</summary>
internal sealed record TaskRecord
{
    public required string Id { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Seconds from submission to the first run.</summary>
    public int Start { get; init; }

    /// <summary>Seconds from one run to the next.</summary>
    public int Delay { get; init; }

    public int Repeats { get; init; } = 1;

    /// <summary>Seconds that one run may take.</summary>
    public int Timeout { get; init; } = 10;

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public byte[] Input { get; init; } = [];

    /// <summary>The content id of the program.</summary>
    public string Program { get; init; } = "";

    /// <summary>Where the pieces of the program are.</summary>
    public IReadOnlyList<ulong> Pieces { get; init; } = [];

    public DateTimeOffset Submitted { get; init; }

    /// <summary>Runs that have ended, in whichever way. Invariant: equals the number of times that this was replaced.</summary>
    public int Completions { get; init; }

    /// <summary>The latest of them, oldest first.</summary>
    public IReadOnlyList<RunRecord> Runs { get; init; } = [];

    /// <summary>This, after one more run.</summary>
    public TaskRecord With(RunRecord run) =>
        this with { Completions = Completions + 1, Runs = [.. Runs.TakeLast(Limits.RunsKept - 1), run] };
}
