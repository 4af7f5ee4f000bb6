using Wetware.Core.Multiformats;
using Wetware.Wasm;
using Wetware.Wasm.Wasi;

namespace Wetware.Host.Services.Processes;

/// <summary>One program on its own thread. Safe for concurrent use.</summary>
internal sealed class GuestProcess : IDisposable
{
    private readonly ProcessSpec _spec;
    private readonly StoreOptions _limits;
    private readonly Store _store;
    private readonly TaskCompletionSource<ProcessEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private bool _isKilled;
    private bool _isOver;

    public GuestProcess(uint pid, uint parent, ProcessSpec spec, ProcessGroup group, StoreOptions limits, DateTimeOffset began)
    {
        Pid = pid;
        Parent = parent;
        Group = group;
        Began = began;
        _spec = spec;
        _limits = limits;
        _store = new Store(limits);
    }

    public uint Pid { get; }

    public uint Parent { get; }

    public ProcessGroup Group { get; }

    public DateTimeOffset Began { get; }

    public Cid Cid => _spec.Cid;

    public IReadOnlyList<string> Arguments => _spec.Arguments;

    /// <summary>Completes when the program has ended and its output has been taken. Never fails.</summary>
    public Task<ProcessEnd> Completion => _end.Task;

    /// <summary>Starts the thread.</summary>
    /// <param name="ended">Called once on that thread when the program has ended, before its output has been taken.</param>
    public void Start(Action<GuestProcess> ended) => GuestThread.Create(() => RunAndFinish(ended), _limits).Start();

    /// <summary>Gives the memory back. The program must not be running: it does this itself when it ends.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _store.Dispose();
        }
    }

    /// <summary>Stops the program at its next call, loop or wait; nothing if it has ended.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _isKilled = true;
                _store.Interrupt();
            }
        }
    }

    private void RunAndFinish(Action<GuestProcess> ended)
    {
        var end = Run();
        if (_isKilled && end.Ending == Protocol.Wire.Ending.Trapped)
        {
            // Whatever a host function made of being interrupted.
            end = ProcessEnd.Killed();
        }

        Dispose();
        ended(this);
        _ = FinishAsync(end);
    }

    private ProcessEnd Run()
    {
        try
        {
            using var leases = new ExecutorLeases();
            using var vat = _spec.HasSocket ? new GuestVat(new BootContextServer(this, _spec.Session, _spec.NewExecutor(Pid), _spec.HasExecutor, leases)) : null;
            using var wasi = new WasiProcess(new WasiOptions
            {
                Arguments = _spec.Arguments,
                Environment = _spec.Environment,
                Input = _spec.Streams.Input,
                Output = _spec.Streams.Output,
                Error = _spec.Streams.Error,
                Socket = vat?.Socket,
            });
            return ProcessEnd.Exited(WasiProcess.Run(Instance.Create(_store, _spec.Module, wasi.Define(new Imports()))));
        }
        catch (TrapException trap) when (trap.Kind == TrapKind.Interrupted)
        {
            return ProcessEnd.Killed();
        }
        catch (Exception failure)
        {
            // A trap, an import that nobody offers, or a fault of the host's own, which must end this program and not the node.
            return ProcessEnd.Trapped(failure.Message);
        }
    }

    private async Task FinishAsync(ProcessEnd end)
    {
        await _spec.Streams.EndAsync().ConfigureAwait(false);
        _spec.Dispose();
        _end.SetResult(end);
    }
}
