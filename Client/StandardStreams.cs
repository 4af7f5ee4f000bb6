using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Client;

/// <summary>Serves the caller's streams to a program; this holds them until the request is sent, the program's node afterwards.</summary>
internal sealed class StandardStreams : IDisposable
{
    private readonly List<Capability> _served = [];

    public StandardStreams(ProcessRequest request, Stdio.Builder wire)
    {
        if (request.Input is { } input)
        {
            wire.SetInput(Serve(ByteSource.Client.Serve(new Source(input))));
        }

        if (request.Output is { } output)
        {
            wire.SetOutput(Serve(ByteSink.Client.Serve(new Sink(output))));
        }

        if (request.Error is { } error)
        {
            wire.SetError(Serve(ByteSink.Client.Serve(new Sink(error))));
        }
    }

    public void Dispose() => _served.ForEach(static capability => capability.Dispose());

    private T Serve<T>(T client)
        where T : struct, ICapabilityClient<T>
    {
        _served.Add(client.Capability);
        return client;
    }

    private sealed class Source(Stream stream) : ByteSource.IServer
    {
        // One piece of a large read; bounds what the node makes this side hold.
        private const int PieceBytes = 64 << 10;

        public async ValueTask ReadAsync(CallContext<ByteSource.ReadParams.Reader, ByteSource.ReadResults.Builder> call)
        {
            var buffer = new byte[Math.Min(call.Params.BytesMax, PieceBytes)];
            try
            {
                var count = await stream.ReadAsync(buffer, call.Cancellation).ConfigureAwait(false);
                call.Results.SetBytes(buffer.AsSpan(0, count));
            }
            catch (IOException failure)
            {
                throw new RpcException(failure.Message);
            }
        }
    }

    private sealed class Sink(Stream stream) : ByteSink.IServer
    {
        public async ValueTask WriteAsync(CallContext<ByteSink.WriteParams.Reader, StreamResult.Builder> call)
        {
            try
            {
                await stream.WriteAsync(call.Params.Bytes.ToArray(), call.Cancellation).ConfigureAwait(false);
                await stream.FlushAsync(call.Cancellation).ConfigureAwait(false);
            }
            catch (IOException failure)
            {
                throw new RpcException(failure.Message);
            }
        }

        public ValueTask EndAsync(CallContext<ByteSink.EndParams.Reader, ByteSink.EndResults.Builder> call) => ValueTask.CompletedTask;
    }
}
