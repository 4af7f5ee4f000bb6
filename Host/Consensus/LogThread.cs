using Wetware.Core;

namespace Wetware.Host.Consensus;

/// <summary>Flushes on a thread of its own, so that nothing else of the process stands before a sync; snapshots are stored on the pool.</summary>
internal sealed class LogThread : ILogWork, IDisposable
{
    // What there is to flush next must not wait for long.
    private const int TurnsMax = 3;

    private readonly RaftLoop _loop;
    private readonly SemaphoreSlim _start = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private Action? _flush;

    public LogThread(RaftLoop loop)
    {
        _loop = loop;
        _thread = new Thread(Run) { IsBackground = true, Name = "wetware-log" };
        _thread.Start();
    }

    public void Flush(Action run)
    {
        _flush = run;
        _start.Release();
    }

    public void Store(GroupId group, Func<Action> run) =>
        ThreadPool.UnsafeQueueUserWorkItem(_ => _loop.Post(new RaftEvent(RaftEventKind.Call, group) { Subject = run() }), null);

    /// <summary>Ends the thread after the flush under way. The loop must have ended.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _start.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            try
            {
                _start.Wait(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _flush!();
            _ = _loop.Post(new RaftEvent(RaftEventKind.Flushed, default), TurnsMax);
        }
    }
}
