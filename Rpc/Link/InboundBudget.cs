using Wetware.Core;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc.Link;

/// <summary>
/// Bounds the memory that one peer's calls hold. Past the budget, or while too much waits to be sent to a peer that does not
/// read, only calls wait, and the order marks behind them; every other message is still taken, so two peers that both wait
/// cannot block each other. A peer that keeps too many results, by never finishing its calls, is refused further ones at once:
/// it may itself wait for one of them before it finishes others. Invariant: nothing starts ahead of what waits.
/// </summary>
internal sealed class InboundBudget(RpcOptions options, Tables tables)
{
    private readonly Lock _gate = new();
    private readonly Queue<Effect> _waiting = new();
    private readonly Queue<long> _waitingSizes = new();
    private long _inProgress;
    private long _waitingBytes;
    private bool _starting;
    private bool _waitsForRoom;

    /// <summary>Decides about a call (or a mark, of no bytes) that has come in.</summary>
    public Admission Admit(in Effect effect, long bytes)
    {
        lock (_gate)
        {
            if (bytes > 0 && tables.HeldResultBytes > options.HeldResultBytesMax)
            {
                _inProgress += bytes;
                return Admission.Refuse;
            }

            if (_waiting.Count == 0 && !_starting && (bytes == 0 || HasRoom(bytes)))
            {
                _inProgress += bytes;
                return Admission.Start;
            }

            if (bytes > 0 && _waitingBytes + bytes > options.WaitingCallBytesMax)
            {
                _inProgress += bytes;
                return Admission.Refuse;
            }

            _waitingBytes += bytes;
            _waiting.Enqueue(effect);
            _waitingSizes.Enqueue(bytes);
            return Admission.Wait;
        }
    }

    /// <summary>A call has ended.</summary>
    /// <returns>Whether the caller is to start what waits, as long as <see cref="NextWaiting"/> gives something.</returns>
    public bool Done(long bytes)
    {
        lock (_gate)
        {
            _inProgress -= bytes;
            Invariant.Check(_inProgress >= 0);
            if (_waiting.Count == 0 || _starting)
            {
                return false;
            }

            _starting = true;
            return true;
        }
    }

    /// <summary>Something was sent.</summary>
    /// <returns>As of <see cref="Done"/>.</returns>
    public bool Sent()
    {
        lock (_gate)
        {
            if (!_waitsForRoom || _starting || tables.Outbox.Bytes > options.SendQueueBytesMax)
            {
                return false;
            }

            _waitsForRoom = false;
            _starting = true;
            return true;
        }
    }

    /// <summary>The next that may start; null once there is none, which ends the turn that <see cref="Done"/> gave.</summary>
    public Effect? NextWaiting()
    {
        lock (_gate)
        {
            Invariant.Check(_starting);
            if (_waiting.Count == 0 || !HasRoom(_waitingSizes.Peek()))
            {
                _starting = false;
                return null;
            }

            return Dequeue();
        }
    }

    /// <summary>Takes what waits when the connection has ended.</summary>
    public Effect? TakeWaiting()
    {
        lock (_gate)
        {
            return _waiting.Count == 0 ? null : Dequeue();
        }
    }

    private bool HasRoom(long bytes)
    {
        if (tables.Outbox.Bytes > options.SendQueueBytesMax)
        {
            _waitsForRoom = true;
            return false;
        }

        return _inProgress == 0 || _inProgress + bytes <= options.InboundCallBytesMax;
    }

    private Effect Dequeue()
    {
        Invariant.Check(_waiting.Count == _waitingSizes.Count);
        var bytes = _waitingSizes.Dequeue();
        _waitingBytes -= bytes;
        Invariant.Check(_waitingBytes >= 0 && (_waiting.Count > 1 || _waitingBytes == 0));
        _inProgress += bytes;
        return _waiting.Dequeue();
    }
}
