using System.Runtime.CompilerServices;
using Wetware.Core;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm;

/// <summary>
/// Instances that may be linked together, and the limits they share. One thread at a time may run guests of a store; any thread may
/// call <see cref="Interrupt"/>.
/// </summary>
public sealed unsafe class Store : IDisposable
{
    private const int ResultSlots = 16;

    // A call that starts this far from where the last one did, in stack bytes, gets a limit of its own.
    private const int DriftBytes = 16 << 10;

    private readonly Lock _lock = new();
    private readonly List<InstanceContext> _contexts = [];
    private readonly List<HostContext> _hosts = [];
    private readonly List<Memory> _memories = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer? _timer;
    private byte[] _results = GC.AllocateArray<byte>(ResultSlots * Global.SlotBytes, pinned: true);
    private object?[] _referenceResults = new object?[ResultSlots];
    private nuint _limit;
    private nuint _limitTop;
    private int _interrupt;
    private int _thread;
    private int _depth;

    /// <summary>Makes an empty store.</summary>
    public Store(StoreOptions? options = null)
    {
        Options = options ?? StoreOptions.Default;
        Options.Validate();
        Fuel = Options.Fuel is { } fuel ? new Fuel { Left = fuel } : Fuel.Unlimited;
        if (Options.WallTimeMax is { } wall)
        {
            _timer = Options.Clock.CreateTimer(static store => ((Store)store!).Stop(TrapKind.TimeExhausted), this, wall, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What the store allows.</summary>
    public StoreOptions Options { get; }

    /// <summary>Cancelled when the store's guests are to stop: host functions that wait, wait on this too.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Instructions left, where the store has a limit on them.</summary>
    public long? FuelLeft => Options.Fuel is null ? null : Fuel.Left;

    /// <summary>How many instances the store holds.</summary>
    public int Instances => _contexts.Count;

    internal Fuel Fuel { get; }

    /// <summary>Stops the store's guests, for good: a running one traps at its next call or loop iteration, and a later call traps at once. From any thread.</summary>
    public void Interrupt() => Stop(TrapKind.Interrupted);

    /// <summary>Gives the memories back. No guest of the store may be running.</summary>
    public void Dispose()
    {
        if (Volatile.Read(ref _depth) != 0)
        {
            throw new InvalidOperationException("a guest of the store is running; interrupt it and wait for it first");
        }

        Stop(TrapKind.Interrupted);
        _timer?.Dispose();
        foreach (var memory in _memories)
        {
            memory.Dispose();
        }

        _memories.Clear();
        _stopping.Dispose();
    }

    internal void Add(InstanceContext context, int results)
    {
        if (_contexts.Count >= Options.InstancesMax)
        {
            throw new LinkException($"more than {nameof(StoreOptions.InstancesMax)} = {Options.InstancesMax} allows");
        }

        lock (_lock)
        {
            _contexts.Add(context);
            if (results > _referenceResults.Length)
            {
                // Nobody has results on the way while an instance is made: its start function has not run yet.
                _results = GC.AllocateArray<byte>(results * Global.SlotBytes, pinned: true);
                _referenceResults = new object?[results];
                _contexts.ForEach(Share);
                _hosts.ForEach(Share);
            }

            Share(context);
            context.Fuel = Fuel;
            context.StackLimit = _interrupt == 0 ? _limit : nuint.MaxValue;
            context.Interrupt = _interrupt;
        }
    }

    internal void Own(Memory memory) => _memories.Add(memory);

    /// <summary>Before guest code runs on this thread.</summary>
    internal void Enter()
    {
        byte here;
        var top = (nuint)(&here);
        var thread = Environment.CurrentManagedThreadId;
        if (_depth == 0)
        {
            if (thread != _thread || top > _limitTop || _limitTop - top > DriftBytes)
            {
                Move(thread, top);
            }
        }
        else if (_thread != thread)
        {
            throw new InvalidOperationException("another thread is running a guest of this store");
        }

        _depth++;
    }

    internal void Leave() => _depth--;

    /// <summary>The trap of a guest that was stopped while a host function waited for it.</summary>
    internal TrapException StoppedTrap() => Trap.Make((TrapKind)(_interrupt - 1), null, -1, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Move(int thread, nuint top)
    {
        lock (_lock)
        {
            _thread = thread;
            _limitTop = top;
            _limit = GuestThread.Limit(Options.StackBytes);
            if (_interrupt == 0)
            {
                _contexts.ForEach(context => context.StackLimit = _limit);
            }
        }
    }

    internal void AddHost(HostContext host)
    {
        lock (_lock)
        {
            _hosts.Add(host);
            Share(host);
        }
    }

    private void Share(InstanceContext context)
    {
        context.Results = (byte*)Unsafe.AsPointer(ref _results[0]);
        context.ReferenceResults = _referenceResults;
    }

    private void Stop(TrapKind reason)
    {
        lock (_lock)
        {
            if (_interrupt != 0)
            {
                return;
            }

            Invariant.Check(reason is TrapKind.Interrupted or TrapKind.TimeExhausted);
            _interrupt = (int)reason + 1;
            foreach (var context in _contexts)
            {
                Volatile.Write(ref context.Interrupt, _interrupt);
                Volatile.Write(ref context.StackLimit, nuint.MaxValue);
            }
        }

        _stopping.Cancel();
    }
}
