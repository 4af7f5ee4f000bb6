namespace Wetware.Host.Tests.Processes;

/// <summary>Input of which nothing comes until it ends.</summary>
internal sealed class NeverStream : MemoryStream
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody has begun to wait for input.</summary>
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void End() => _end.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Asked.TrySetResult();
        await _end.Task.WaitAsync(cancellationToken);
        return 0;
    }
}
