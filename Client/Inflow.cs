using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Wetware.Core;
using Wetware.Rpc;

namespace Wetware.Client;

/// <summary>
/// Turns calls that stream into a handler into a sequence: in order, and with everything that has arrived before what failed. An item is taken
/// in as its call arrives; what a slow reader holds back is the call's return, and so the sender. Read by one reader. Invariant: as many calls
/// wait for their return as there are unread items beyond the limit.
/// </summary>
/// <param name="itemsMax">Items that wait for a slow reader without holding up their calls; beyond them there are as many as the sender's window takes.</param>
internal sealed class Inflow<T>(int itemsMax)
{
    private readonly Channel<T> _items = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _held = new();
    private int _unread;

    /// <summary>Takes in what a call brought, which has been read off it.</summary>
    /// <returns>When the sender may go on.</returns>
    /// <exception cref="RpcException">Nobody reads any more.</exception>
    public ValueTask TakeAsync(CallContext call, T item)
    {
        // If they waited, they would be lost with the connection.
        call.LetLaterCallsStart();
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            if (!_items.Writer.TryWrite(item))
            {
                throw Abandoned();
            }

            if (++_unread > itemsMax)
            {
                room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _held.Enqueue(room);
            }

            Check();
        }

        if (room is null)
        {
            return default;
        }

        call.ReleaseParams();
        return new ValueTask(room.Task);
    }

    /// <summary>Ends the sequence when the call that feeds it has ended, behind what has arrived.</summary>
    public async Task CompleteAsync(Answer call)
    {
        try
        {
            await call;
            _items.Writer.TryComplete();
        }
        catch (Exception failure)
        {
            _items.Writer.TryComplete(failure);
        }
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
                    MakeRoom();
                    yield return item;
                }
            }
        }
        finally
        {
            BreakOff();
        }
    }

    private static RpcException Abandoned() => new("the reader has broken off");

    private void MakeRoom()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _unread--;
            _held.TryDequeue(out room);
            Check();
        }

        room?.SetResult();
    }

    /// <summary>A sender that waits for room must learn that nobody makes any.</summary>
    private void BreakOff()
    {
        TaskCompletionSource[] held;
        lock (_gate)
        {
            _items.Writer.TryComplete();
            held = [.. _held];
            _held.Clear();
        }

        foreach (var call in held)
        {
            call.SetException(Abandoned());
        }
    }

    private void Check() => Invariant.Check(_held.Count == Math.Max(0, _unread - itemsMax));

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
