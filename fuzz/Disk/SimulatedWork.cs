using System.Runtime.ExceptionServices;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Disk;

/// <summary>Background work of a simulated machine: done at once, or not before somebody waits for it.</summary>
internal sealed class SimulatedWork : IBackgroundWork
{
    private readonly Action _work;
    private readonly Func<bool> _isAlive;
    private ExceptionDispatchInfo? _failure;

    public SimulatedWork(Action work, Func<bool> isAlive, bool isPrompt)
    {
        _work = work;
        _isAlive = isAlive;
        if (isPrompt)
        {
            Run();
        }
    }

    public bool IsDone { get; private set; }

    public void Wait()
    {
        Run();
        _failure?.Throw();
    }

    private void Run()
    {
        if (IsDone || !_isAlive())
        {
            // The dead do no work.
            return;
        }

        IsDone = true;
        try
        {
            _work();
        }
        catch (Exception failure) when (failure is not SimulatedCrashException)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
    }
}
