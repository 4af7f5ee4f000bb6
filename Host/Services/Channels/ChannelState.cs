using Wetware.Core;

namespace Wetware.Host.Services.Channels;

/// <summary>
/// A channel without its waiting: each step settles whatever can be settled, and <see cref="Settled"/> says what was. Values go to receivers in the order in
/// which they were sent, each to one. A receiver is handed a value and then takes it or gives it back: what is given back is the next to go out. Not safe
/// for concurrent use.
/// </summary>
/// <param name="itemsMax">Values that the buffer holds; with none, every send waits for its receiver.</param>
/// <param name="bytesMax">Bytes that the buffer holds. A larger value can be handed over, and never lies in the buffer.</param>
/// <param name="waitersMax">Sends that may wait at once, and receives.</param>
internal sealed class ChannelState<T>(int itemsMax, long bytesMax, int waitersMax)
{
    private readonly LinkedList<ChannelSend<T>> _buffer = new();
    private readonly LinkedList<ChannelSend<T>> _waiting = new();
    private readonly LinkedList<ChannelReceive<T>> _receivers = new();
    private ulong _order;
    private int _handed;

    /// <summary>Sends whose outcome the last steps have changed; the caller takes them off.</summary>
    public Queue<ChannelSend<T>> Settled { get; } = new();

    /// <summary>Receives whose outcome the last steps have changed; the caller takes them off.</summary>
    public Queue<ChannelReceive<T>> Served { get; } = new();

    public bool IsClosed { get; private set; }

    /// <summary>Values that were accepted and not yet taken. Invariant: at most so many as the buffer holds.</summary>
    public int Count { get; private set; }

    /// <summary>Their bytes. Invariant: at most so many as the buffer holds.</summary>
    public long Bytes { get; private set; }

    public int WaitingSends => _waiting.Count;

    public int WaitingReceives => _receivers.Count;

    /// <summary>Sends a value.</summary>
    public void Send(ChannelSend<T> send)
    {
        Invariant.Check(send.Outcome == ChannelOutcome.Pending && send.Place is null);
        if (IsClosed)
        {
            Settle(send, ChannelOutcome.Closed);
            return;
        }

        send.Order = ++_order;
        send.Place = _waiting.AddLast(send);
        Advance();
        if (send.Place?.List == _waiting && _waiting.Count > waitersMax)
        {
            Remove(send);
            Settle(send, ChannelOutcome.Refused);
        }
    }

    /// <summary>Asks for a value.</summary>
    public void Receive(ChannelReceive<T> receive)
    {
        Invariant.Check(receive.Outcome == ChannelOutcome.Pending && receive.Place is null);
        receive.Place = _receivers.AddLast(receive);
        Advance();
        if (receive.Place is not null && _receivers.Count > waitersMax)
        {
            Serve(receive, ChannelOutcome.Refused);
        }
    }

    /// <summary>Takes the value that a receive was handed.</summary>
    public void Take(ChannelReceive<T> receive)
    {
        var send = PutDown(receive, ChannelOutcome.Done);
        if (send.IsAccepted)
        {
            Count--;
            Bytes -= send.Bytes;
        }
        else
        {
            Settle(send, ChannelOutcome.Done);
        }

        Advance();
    }

    /// <summary>Gives back the value that a receive was handed and could not take.</summary>
    /// <returns>Whether somebody else can have it; if not, its sender has called it off or the channel was closed before it was accepted.</returns>
    public bool GiveBack(ChannelReceive<T> receive)
    {
        var send = PutDown(receive, ChannelOutcome.Withdrawn);
        var isKept = send.IsAccepted || !(send.IsCalledOff || IsClosed);
        if (isKept)
        {
            Insert(send.IsAccepted ? _buffer : _waiting, send);
        }
        else
        {
            Settle(send, send.IsCalledOff ? ChannelOutcome.Withdrawn : ChannelOutcome.Closed);
        }

        Advance();
        return isKept;
    }

    /// <summary>Calls a send off, if that is not too late.</summary>
    public void CallOff(ChannelSend<T> send)
    {
        if (send.Outcome != ChannelOutcome.Pending)
        {
            return;
        }

        if (send.IsHanded)
        {
            send.IsCalledOff = true;
            return;
        }

        Remove(send);
        Settle(send, ChannelOutcome.Withdrawn);
        Advance();
    }

    /// <summary>Calls a receive off, if it was not handed anything.</summary>
    public void CallOff(ChannelReceive<T> receive)
    {
        if (receive.Outcome == ChannelOutcome.Pending)
        {
            Serve(receive, ChannelOutcome.Withdrawn);
        }
    }

    /// <summary>Closes the channel: sends that wait are refused, receives once nothing is left.</summary>
    /// <returns>False if it is closed already.</returns>
    public bool Close()
    {
        if (IsClosed)
        {
            return false;
        }

        IsClosed = true;
        while (_waiting.First is { } first)
        {
            Remove(first.Value);
            Settle(first.Value, ChannelOutcome.Closed);
        }

        Advance();
        return true;
    }

    /// <summary>Empties the buffer of a channel that nobody has any more.</summary>
    public List<ChannelSend<T>> Drain()
    {
        Invariant.Check(_waiting.Count == 0 && _receivers.Count == 0 && _handed == 0);
        List<ChannelSend<T>> left = [.. _buffer];
        _buffer.Clear();
        Count = 0;
        Bytes = 0;
        return left;
    }

    /// <summary>Does all that can be done: hands over what is asked for, accepts what fits, and ends those who wait for what never comes.</summary>
    private void Advance()
    {
        while (_receivers.First is { } receiver && Next() is { } next)
        {
            Remove(next);
            next.IsHanded = true;
            _handed++;
            receiver.Value.Held = next;
            Serve(receiver.Value, ChannelOutcome.Handed);
        }

        while (_waiting.First is { } first && Count < itemsMax && Bytes + first.Value.Bytes <= bytesMax)
        {
            var send = first.Value;
            Remove(send);
            Insert(_buffer, send);
            send.IsAccepted = true;
            Count++;
            Bytes += send.Bytes;
            Settle(send, ChannelOutcome.Done);
        }

        // What a receiver holds may yet come back.
        while (IsClosed && _handed == 0 && _receivers.First is { } left)
        {
            Serve(left.Value, ChannelOutcome.Closed);
        }

        Check();
    }

    /// <summary>The oldest value that no receiver holds.</summary>
    private ChannelSend<T>? Next()
    {
        var accepted = _buffer.First?.Value;
        var waiting = _waiting.First?.Value;
        return accepted is null || (waiting is not null && waiting.Order < accepted.Order) ? waiting : accepted;
    }

    private ChannelSend<T> PutDown(ChannelReceive<T> receive, ChannelOutcome outcome)
    {
        Invariant.Check(receive is { Outcome: ChannelOutcome.Handed, Held.IsHanded: true });
        var send = receive.Held!;
        receive.Outcome = outcome;
        send.IsHanded = false;
        _handed--;
        return send;
    }

    /// <summary>Puts a value where its order says. Only what was given back does not go to the end.</summary>
    private static void Insert(LinkedList<ChannelSend<T>> list, ChannelSend<T> send)
    {
        if (list.First is null || list.Last!.Value.Order < send.Order)
        {
            send.Place = list.AddLast(send);
            return;
        }

        var after = list.First;
        while (after.Value.Order < send.Order)
        {
            after = after.Next!;
        }

        send.Place = list.AddBefore(after, send);
    }

    private static void Remove(ChannelSend<T> send)
    {
        send.Place!.List!.Remove(send.Place);
        send.Place = null;
    }

    private void Settle(ChannelSend<T> send, ChannelOutcome outcome)
    {
        Invariant.Check(send.Outcome == ChannelOutcome.Pending);
        send.Outcome = outcome;
        Settled.Enqueue(send);
    }

    private void Serve(ChannelReceive<T> receive, ChannelOutcome outcome)
    {
        Invariant.Check(receive.Outcome == ChannelOutcome.Pending);
        receive.Place!.List!.Remove(receive.Place);
        receive.Place = null;
        receive.Outcome = outcome;
        Served.Enqueue(receive);
    }

    private void Check()
    {
        Invariant.Check(Count <= itemsMax && Bytes <= Math.Max(0, bytesMax) && _buffer.Count <= Count);
        Invariant.Check(_receivers.Count == 0 || (_buffer.Count == 0 && _waiting.Count == 0));
        Invariant.Check(!IsClosed || _waiting.Count == 0);
    }
}
