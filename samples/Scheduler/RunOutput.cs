namespace Wetware.Samples.Scheduler;

/// <summary>The beginning of what a program writes; says when there is more. Written by one thread, read when the program has ended.</summary>
internal sealed class RunOutput(int bytesMax) : MemoryStream
{
    private readonly TaskCompletionSource _exceeded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when more was written than is kept.</summary>
    public Task Exceeded => _exceeded.Task;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var room = bytesMax - (int)Length;
        Write(buffer.Span[..Math.Min(room, buffer.Length)]);
        if (buffer.Length > room)
        {
            _exceeded.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }
}
