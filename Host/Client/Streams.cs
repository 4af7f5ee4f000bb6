using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Wetware.Rpc;

namespace Wetware.Host.Client;

/// <summary>Turns calls that stream into a handler into sequences: bounded, in order, and with what has arrived before what failed.</summary>
internal static class Streams
{
    /// <summary>Items that wait for a slow reader; beyond them the sender waits.</summary>
    private const int ItemsMax = 256;

    public static Channel<T> NewChannel<T>() =>
        Channel.CreateBounded<T>(new BoundedChannelOptions(ItemsMax) { SingleReader = true, SingleWriter = true });

    public static async ValueTask WriteAsync<T>(Channel<T> channel, T item)
    {
        try
        {
            await channel.Writer.WriteAsync(item).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new RpcException("the reader has broken off");
        }
    }

    /// <summary>Ends the channel when the call that feeds it has ended.</summary>
    public static async Task CompleteAsync<T>(Answer call, Channel<T> channel)
    {
        try
        {
            await call;
            channel.Writer.TryComplete();
        }
        catch (Exception failure)
        {
            channel.Writer.TryComplete(failure);
        }
    }

    public static async IAsyncEnumerable<T> ReadAsync<T>(Channel<T> channel, [EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            while (await HasMoreAsync(channel, cancellation).ConfigureAwait(false))
            {
                while (channel.Reader.TryRead(out var item))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            // A sender that waits for room must learn that nobody makes any.
            channel.Writer.TryComplete();
        }
    }

    private static async ValueTask<bool> HasMoreAsync<T>(Channel<T> channel, CancellationToken cancellation)
    {
        try
        {
            return await channel.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw new WetwareException(failure.Message, failure);
        }
    }
}
