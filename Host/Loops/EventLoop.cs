using System.Diagnostics;
using Wetware.Core;

namespace Wetware.Host.Loops;

/// <summary>
/// Runs the turns of one body, on one thread at a time: when events arrive, and when a tick is over. The thread that brings an event to an idle loop may run
/// its turns (see <see cref="Turns"/>); else the loop's own thread does. A turn that throws ends the loop, since it may have left the body half changed.
/// </summary>
/// <typeparam name="T">The events.</typeparam>
internal sealed class EventLoop<T> : ILoop, IDisposable
{
    private readonly ILoopBody<T> _body;
    private readonly Mailbox<T> _mailbox;
    private readonly long _tickMs;
    private readonly int _callerTurnsMax;
    private readonly Thread _thread;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A semaphore would spin before it sleeps, at every tick, and that is most of what an idle node costs.
    private readonly AutoResetEvent _handOver = new(false);
    private long _nextTick;
    private volatile bool _isStopping;

    /// <param name="name">Of the loop and its thread.</param>
    /// <param name="body">What it drives.</param>
    /// <param name="tick">From one tick to the next.</param>
    /// <param name="offersMax">Events beyond which offers are refused.</param>
    /// <param name="callerTurnsMax">Turns that a thread which brings an event may run; 0 leaves all of them to the loop's own thread.</param>
    public EventLoop(string name, ILoopBody<T> body, TimeSpan tick, int offersMax = int.MaxValue, int callerTurnsMax = 0)
    {
        _body = body;
        _mailbox = new Mailbox<T>(offersMax);
        _tickMs = (long)tick.TotalMilliseconds;
        _callerTurnsMax = callerTurnsMax;
        Invariant.Check(_tickMs > 0);
        _thread = new Thread(Run) { IsBackground = true, Name = "wetware-" + name };
    }

    /// <summary>Completes when the loop has ended; faulted if a turn has thrown.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Milliseconds since the loop was made. Any thread.</summary>
    public long Now => _clock.ElapsedMilliseconds;

    /// <summary>How many events wait. Any thread.</summary>
    public int Waiting => _mailbox.Count;

    /// <summary>Whether the loop is to end, or has ended.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Whether its thread runs.</summary>
    public bool IsStarted => _thread.IsAlive;

    /// <summary>Starts the loop's thread.</summary>
    public void Start()
    {
        _nextTick = Now + _tickMs;
        _thread.Start();
    }

    /// <summary>Hands an event to the loop, and runs its turns if it is idle.</summary>
    /// <returns>False if the loop has ended.</returns>
    public bool Post(in T item) => Post(item, _callerTurnsMax);

    /// <inheritdoc cref="Post(in T)"/>
    /// <param name="item">The event.</param>
    /// <param name="turnsMax">Turns that this thread may run.</param>
    public bool Post(in T item, int turnsMax) => Began(_mailbox.TryPost(item, out var isIdle), isIdle, turnsMax);

    /// <summary>Hands several events to the loop, which takes them in one turn.</summary>
    /// <returns>False if the loop has ended.</returns>
    public bool Post(ReadOnlySpan<T> items) => Began(_mailbox.TryPost(items, out var isIdle), isIdle, _callerTurnsMax);

    /// <summary>Hands an event to the loop that may get lost.</summary>
    /// <returns>False if too many wait already, or the loop has ended.</returns>
    public bool Offer(in T item) => Began(_mailbox.TryOffer(item, out var isIdle), isIdle, _callerTurnsMax);

    /// <summary>Lets the turn under way end, ends the body, and waits for that.</summary>
    public void Dispose()
    {
        _isStopping = true;
        if (_thread.IsAlive)
        {
            if (_mailbox.TryBegin())
            {
                HandOver();
            }

            _thread.Join();
        }

        _handOver.Dispose();
    }

    bool ILoop.TakeTurn()
    {
        try
        {
            if (_isStopping)
            {
                _body.End(_mailbox.Close(), null);
                _ended.TrySetResult();
                return false;
            }

            _body.BeforeTurn(Thread.CurrentThread == _thread);
            _body.Turn(_mailbox.Take(), IsTick());
            return !_mailbox.TryEnd();
        }
#pragma warning disable CA1031 // Whatever broke here may have broken the body: the loop ends rather than go on wrongly.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(failure);
            return false;
        }
    }

    void ILoop.HandOver() => HandOver();

    private void HandOver() => _handOver.Set();

    private bool Began(bool isTaken, bool isIdle, int turnsMax)
    {
        if (isIdle)
        {
            Turns.Run(this, turnsMax);
        }

        return isTaken;
    }

    /// <summary>After a pause of the whole process one tick is enough: time that nobody lived through elects nobody.</summary>
    private bool IsTick()
    {
        if (Now < _nextTick)
        {
            return false;
        }

        Volatile.Write(ref _nextTick, Now + _tickMs);
        return true;
    }

    private void Fail(Exception failure)
    {
        var hasEnded = _isStopping;
        _isStopping = true;
        try
        {
            if (!hasEnded)
            {
                _body.End(_mailbox.Close(), failure);
            }
        }
        finally
        {
            _ended.TrySetException(failure);
        }
    }

    private void Run()
    {
        while (!_ended.Task.IsCompleted)
        {
            var wait = Math.Max(1, Volatile.Read(ref _nextTick) - Now);
            if (_handOver.WaitOne((int)wait) || _mailbox.TryBegin())
            {
                Turns.Run(this, int.MaxValue);
            }
        }
    }
}
