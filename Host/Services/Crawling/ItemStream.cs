namespace Wetware.Host.Services.Crawling;

/// <summary>What a program writes, up to a limit; says when it goes beyond. Written by one thread, read when the program has ended.</summary>
internal sealed class ItemStream(int bytesMax) : MemoryStream
{
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _count;

    /// <summary>What was written, whether or not this was disposed of.</summary>
    public ReadOnlySpan<byte> Written => GetBuffer().AsSpan(0, _count);

    /// <summary>Completes when more was written than fits.</summary>
    public Task Full => _full.Task;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (_count + count > bytesMax)
        {
            _full.TrySetResult();
            return;
        }

        base.Write(buffer, offset, count);
        _count += count;
    }
}
