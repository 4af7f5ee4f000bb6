using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Wetware.Rpc;

namespace Wetware.Host.Client;

/// <summary>
/// Turns calls that stream into a handler into a sequence: bounded, in order, and with what has arrived before what failed.
/// Written by the handler's calls, one after the other; read by one reader.
/// </summary>
/// <param name="itemsMax">Items that wait for a slow reader; beyond them the sender waits.</param>
internal sealed class Inflow<T>(int itemsMax)
{
    private readonly Channel<T> _items = Channel.CreateBounded<T>(new BoundedChannelOptions(itemsMax) { SingleReader = true });
    private Task _lastWrite = Task.CompletedTask;

    /// <summary>Takes an item; a full channel is what holds the sender back.</summary>
    public ValueTask WriteAsync(T item)
    {
        var write = _items.Writer.WriteAsync(item);
        if (write.IsCompletedSuccessfully)
        {
            return default;
        }

        var waiting = WaitAsync(write);
        Volatile.Write(ref _lastWrite, waiting);
        return new ValueTask(waiting);
    }

    /// <summary>Ends the sequence when the call that feeds it has ended, behind what has arrived.</summary>
    /// <param name="call">The call.</param>
    /// <param name="drain">
    /// Waits until the calls that came before the end have been taken in; asked only after a failure, for a success comes when all have been answered.
    /// </param>
    public async Task CompleteAsync(Answer call, Func<Task>? drain = null)
    {
        Exception? failure = null;
        try
        {
            await call;
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }

        if (failure is not null && drain is not null)
        {
            await drain().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // A channel that is completed drops those who wait for room in it.
        await Volatile.Read(ref _lastWrite).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _items.Writer.TryComplete(failure);
    }

    /// <summary>The items. To be read once.</summary>
    /// <exception cref="WetwareException">The call failed; thrown after the items that arrived before.</exception>
    public async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            while (await HasMoreAsync(cancellation).ConfigureAwait(false))
            {
                while (_items.Reader.TryRead(out var item))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            // A sender that waits for room must learn that nobody makes any.
            _items.Writer.TryComplete();
        }
    }

    private static async Task WaitAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new RpcException("the reader has broken off");
        }
    }

    private async ValueTask<bool> HasMoreAsync(CancellationToken cancellation)
    {
        try
        {
            return await _items.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw new WetwareException(failure.Message, failure);
        }
    }
}
