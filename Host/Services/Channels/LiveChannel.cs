using Wetware.Core;
using Wetware.Protocol;
using Wetware.Rpc;

namespace Wetware.Host.Services.Channels;

/// <summary>A channel that can be waited for. Counted by those who refer to it; the last one takes with it what is left in it. Safe for concurrent use.</summary>
internal sealed class LiveChannel(ChannelHub hub, int itemsMax, long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly ChannelState<HeldValue> _state = new(itemsMax, bytesMax, Limits.ChannelWaitersMax);
    private int _users;

    /// <summary>Sends that wait for room or for a receiver.</summary>
    public int WaitingSends
    {
        get
        {
            lock (_lock)
            {
                return _state.WaitingSends;
            }
        }
    }

    /// <summary>Receives that wait for a value.</summary>
    public int WaitingReceives
    {
        get
        {
            lock (_lock)
            {
                return _state.WaitingReceives;
            }
        }
    }

    public LiveChannel Use()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>One user less.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0)
        {
            return;
        }

        List<ChannelSend<HeldValue>> left;
        lock (_lock)
        {
            left = _state.Drain();
        }

        foreach (var send in left)
        {
            Drop(send);
        }

        hub.Remove();
    }

    /// <summary>Sends a value, which this owns from here on.</summary>
    /// <exception cref="RpcException">The channel is closed, too many wait already, or the call was canceled in time.</exception>
    public async ValueTask SendAsync(HeldValue value, CancellationToken cancellation)
    {
        var send = new PendingSend(value);
        Admit(value);
        Step(static (state, send) => state.Send(send), send);
        if (!send.Ended.IsCompleted)
        {
            await using var withdrawal = cancellation.UnsafeRegister(_ => Step(static (state, send) => state.CallOff(send), send), null).ConfigureAwait(false);
            await send.Ended.ConfigureAwait(false);
        }

        Check(send.Outcome, "sends");
    }

    /// <summary>Hands the oldest value over. If the taker fails, the value stays the oldest, for others.</summary>
    /// <param name="take">Copies the value to where it goes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RpcException">The channel is closed and empty, too many wait already, or the call was canceled in time.</exception>
    public async ValueTask ReceiveAsync(Action<HeldValue> take, CancellationToken cancellation)
    {
        var receive = new PendingReceive();
        Step(static (state, receive) => state.Receive(receive), receive);
        if (!receive.Ended.IsCompleted)
        {
            await using var withdrawal = cancellation.UnsafeRegister(_ => Step(static (state, receive) => state.CallOff(receive), receive), null).ConfigureAwait(false);
            await receive.Ended.ConfigureAwait(false);
        }

        if (receive.Outcome != ChannelOutcome.Handed)
        {
            Check(receive.Outcome, "receives");
        }

        var isTaken = false;
        try
        {
            // Whoever is gone already gets nothing.
            cancellation.ThrowIfCancellationRequested();
            take(receive.Held!.Value);
            isTaken = true;
        }
        finally
        {
            PutDown(receive, isTaken);
        }
    }

    /// <exception cref="RpcException">It is closed already.</exception>
    public void Close()
    {
        var isFirst = false;
        Step((state, _) => isFirst = state.Close(), this);
        if (!isFirst)
        {
            throw new RpcException(ChannelFault.Closed);
        }
    }

    private static void Check(ChannelOutcome outcome, string calls)
    {
        switch (outcome)
        {
            case ChannelOutcome.Closed:
                throw new RpcException(ChannelFault.Closed);
            case ChannelOutcome.Refused:
                throw new RpcException(RpcErrorType.Overloaded, $"{Limits.ChannelWaitersMax} {calls} wait at the channel already");
            case ChannelOutcome.Withdrawn:
                throw new OperationCanceledException();
            default:
                Invariant.Check(outcome == ChannelOutcome.Done);
                break;
        }
    }

    private void Admit(HeldValue value)
    {
        try
        {
            hub.Add(value.Bytes);
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }

    private void PutDown(PendingReceive receive, bool isTaken)
    {
        Step(
            (state, receive) =>
            {
                if (isTaken)
                {
                    state.Take(receive);
                }
                else
                {
                    state.GiveBack(receive);
                }
            },
            receive);
        if (isTaken)
        {
            Drop(receive.Held!);
        }
    }

    /// <summary>Changes the state, and tells those whose outcome that has settled when the lock is free again.</summary>
    private void Step<TWho>(Action<ChannelState<HeldValue>, TWho> change, TWho who)
    {
        PendingSend[] settled;
        PendingReceive[] served;
        lock (_lock)
        {
            change(_state, who);
            settled = [.. _state.Settled.Cast<PendingSend>()];
            served = [.. _state.Served.Cast<PendingReceive>()];
            _state.Settled.Clear();
            _state.Served.Clear();
        }

        foreach (var send in settled)
        {
            if (send.Outcome != ChannelOutcome.Done)
            {
                Drop(send);
            }

            send.End();
        }

        foreach (var receive in served)
        {
            receive.End();
        }
    }

    private void Drop(ChannelSend<HeldValue> send)
    {
        hub.Remove(send.Bytes);
        send.Value.Dispose();
    }

    private sealed class PendingSend(HeldValue value) : ChannelSend<HeldValue>(value, value.Bytes)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public void End() => _ended.SetResult();
    }

    private sealed class PendingReceive : ChannelReceive<HeldValue>
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public void End() => _ended.SetResult();
    }
}
