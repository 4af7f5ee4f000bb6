using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Processes;

/// <summary>Writes to a sink; flow control is what makes a fast writer wait. Owns the reference.</summary>
internal sealed class SinkStream(ByteSink.Client sink) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var sent = sink.WriteAsync(buffer.Span);
            if (!sent.IsCompletedSuccessfully)
            {
                await sent.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (RpcException failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // Every write is on its way already.
    }

    /// <summary>Returns when all that was written has been taken, or cannot be.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = sink.End(cancellation);
            await answer;
        }
        catch (Exception lost) when (lost is RpcException or OperationCanceledException)
        {
            // Whoever listened has gone; there is nobody left to tell.
            Metrics.OutputsLost.Add(1);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            sink.Dispose();
        }

        base.Dispose(disposing);
    }
}
