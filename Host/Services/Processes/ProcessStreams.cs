using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Processes;

/// <summary>The standard streams of a process. Owns them.</summary>
internal sealed class ProcessStreams(Stream input, Stream output, Stream error) : IDisposable
{
    /// <summary>How long the other side may take to say that it has all output: a client that is gone must not hold a process back.</summary>
    private static readonly TimeSpan s_endTimeout = TimeSpan.FromSeconds(5);

    public Stream Input { get; } = input;

    public Stream Output { get; } = output;

    public Stream Error { get; } = error;

    /// <summary>Takes references of its own from a message.</summary>
    public static ProcessStreams From(Stdio.Reader wire) => new(
        wire.Input.Capability.IsNull ? Stream.Null : new SourceStream(wire.Input.AddRef()),
        wire.Output.Capability.IsNull ? Stream.Null : new SinkStream(wire.Output.AddRef()),
        wire.Error.Capability.IsNull ? Stream.Null : new SinkStream(wire.Error.AddRef()));

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
