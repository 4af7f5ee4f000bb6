using Wetware.Protocol.Queues;

namespace Wetware.Samples.Scheduler;

/// <summary>Every bound of the scheduler.</summary>
internal static class Limits
{
    /// <summary>Tasks that are kept at a time. Finding one looks at all of them.</summary>
    public const int TasksMax = 256;

    /// <summary>Bytes of one program.</summary>
    public const int ProgramBytesMax = 4 << 20;

    /// <summary>Bytes of one piece of a program: below <see cref="QueueLimits.PayloadBytesMax"/>.</summary>
    public const int PieceBytes = 192 << 10;

    /// <summary>Pieces of all programs: 192 MiB, of the 1 GiB that all queues of a cluster share.</summary>
    public const int PiecesMax = 1024;

    /// <summary>Bytes of a request beside the program: input, fields and the framing of the form.</summary>
    public const int FieldsBytesMax = 256 << 10;

    /// <summary>Characters of an id: letters, digits, dot, dash and underscore.</summary>
    public const int IdCharsMax = 64;

    /// <summary>Characters of a description.</summary>
    public const int DescriptionCharsMax = 1024;

    /// <summary>Arguments of a program.</summary>
    public const int ArgumentsMax = 32;

    /// <summary>Characters of all arguments of a program.</summary>
    public const int ArgumentCharsMax = 4096;

    /// <summary>Bytes that a program finds on its standard input.</summary>
    public const int InputBytesMax = 32 << 10;

    /// <summary>Bytes that a program may write to its standard output.</summary>
    public const int OutputBytesMax = 16 << 10;

    /// <summary>Bytes kept of what a program writes to its standard error; the rest is left out.</summary>
    public const int ErrorBytesMax = 2 << 10;

    /// <summary>Runs of one task.</summary>
    public const int RepeatsMax = 1000;

    /// <summary>Runs whose output is kept with the task, the latest ones; all are counted.</summary>
    public const int RunsKept = 4;

    /// <summary>Seconds from submission to the last run: the longest delay of a message.</summary>
    public const int ScheduleSecondsMax = 24 * 60 * 60;

    /// <summary>Seconds that one run may take.</summary>
    public const int TimeoutSecondsMax = 600;

    /// <summary>Workers that may be lost with a run before it is given up.</summary>
    public const int AttemptsMax = 5;

    /// <summary>Programs that run at a time on one node: below what one session may run.</summary>
    public const int WorkersMax = 32;

    /// <summary>Checks how the bounds relate to one another.</summary>
    public static void Check()
    {
        // Bytes are kept as base64, text as JSON, of which one character takes at most six bytes.
        const int RecordBytesMax = ((InputBytesMax + (RunsKept * (OutputBytesMax + ErrorBytesMax))) * 4 / 3)
            + (6 * (DescriptionCharsMax + ArgumentCharsMax + (RunsKept * 1024))) + (8 << 10);
        Core.Invariant.Check(RecordBytesMax <= QueueLimits.PayloadBytesMax);
        Core.Invariant.Check(PieceBytes <= QueueLimits.PayloadBytesMax);
        Core.Invariant.Check((ulong)ScheduleSecondsMax * 1000 <= QueueLimits.DelayMillisecondsMax);
        Core.Invariant.Check(WorkersMax <= Host.Services.Processes.ProcessOptions.Default.SessionProcessesMax);
    }
}
