namespace Wetware.Host.Tests.Processes;

/// <summary>Output that cannot be written.</summary>
internal sealed class BrokenStream : MemoryStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromException(new IOException("nobody reads any more"));
}
