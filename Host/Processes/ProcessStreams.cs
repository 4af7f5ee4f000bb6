using Wetware.Host.Protocol;

namespace Wetware.Host.Processes;

/// <summary>The standard streams of a process, over capabilities. Owns the references.</summary>
internal sealed class ProcessStreams(ByteSource.Client input, ByteSink.Client output, ByteSink.Client error) : IDisposable
{
    /// <summary>How long the other side may take to say that it has all output: a client that is gone must not hold a process back.</summary>
    private static readonly TimeSpan s_endTimeout = TimeSpan.FromSeconds(5);

    public Stream Input { get; } = input.Capability is { IsNull: false } ? new SourceStream(input) : Stream.Null;

    public Stream Output { get; } = output.Capability is { IsNull: false } ? new SinkStream(output) : Stream.Null;

    public Stream Error { get; } = error.Capability is { IsNull: false } ? new SinkStream(error) : Stream.Null;

    /// <summary>Takes references of its own from a message.</summary>
    public static ProcessStreams From(Stdio.Reader wire) => new(wire.Input.AddRef(), wire.Output.AddRef(), wire.Error.AddRef());

    /// <summary>Says that no more comes, and waits until what came before has been taken or cannot be.</summary>
    public async Task EndAsync()
    {
        using var limit = new CancellationTokenSource(s_endTimeout);
        await EndAsync(Output, limit.Token).ConfigureAwait(false);
        await EndAsync(Error, limit.Token).ConfigureAwait(false);
    }

    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
        Error.Dispose();
    }

    private static Task EndAsync(Stream stream, CancellationToken cancellation) => stream is SinkStream sink ? sink.EndAsync(cancellation) : Task.CompletedTask;
}
