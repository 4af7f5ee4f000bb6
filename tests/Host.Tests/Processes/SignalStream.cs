namespace Wetware.Host.Tests.Processes;

/// <summary>Keeps what is written, and says when something was.</summary>
internal sealed class SignalStream : MemoryStream
{
    public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await base.WriteAsync(buffer, cancellationToken);
        Written.TrySetResult();
    }
}
