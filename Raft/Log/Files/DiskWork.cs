using System.Runtime.ExceptionServices;

namespace Wetware.Raft.Log.Files;

/// <summary>Work on a thread of its own: it blocks on the disk for long, which a pool's thread should not.</summary>
internal sealed class DiskWork : IBackgroundWork
{
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isDone;

    public DiskWork(Action work)
    {
        _thread = new(() => Run(work)) { IsBackground = true, Name = "log segments" };
        _thread.Start();
    }

    public bool IsDone => _isDone;

    public void Wait()
    {
        _thread.Join();
        _failure?.Throw();
    }

    private void Run(Action work)
    {
        try
        {
            work();
        }
#pragma warning disable CA1031 // Whatever it is, it is thrown again where the work is waited for.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }

        _isDone = true;
    }
}
