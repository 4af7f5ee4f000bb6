using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Rpc;
using Wetware.Wasm;

namespace Wetware.Host.Processes;

/// <summary>
/// The programs of a node, as a tree whose root is the node itself. Invariant: every parent is the root or lives; a child is killed as soon as
/// its parent ends. Safe for concurrent use.
/// </summary>
internal sealed class ProcessTable(ProcessOptions options, ILogger logger) : IAsyncDisposable
{
    /// <summary>The pid of the node itself.</summary>
    public const uint Root = 1;

    private readonly Lock _lock = new();
    private readonly Dictionary<uint, GuestProcess> _live = [];
    private readonly HashSet<Task> _ending = [];
    private readonly StoreOptions _limits = new()
    {
        MemoryPagesMax = (uint)(options.MemoryBytesMax / Limits.WasmPageBytes),
        StackBytes = options.StackBytes,
        WallTimeMax = options.WallTimeMax,
    };

    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _lastPid = Root;
    private bool _isClosed;

    /// <summary>How many live.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _live.Count;
            }
        }
    }

    /// <summary>Completes when a program next begins or ends. To wait for something, take this first, then look, then await it, and begin again.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Starts a program below another.</summary>
    /// <param name="spec">The program; its streams are the process's unless this throws.</param>
    /// <param name="budget">The session that pays for it.</param>
    /// <param name="owner">Whose executor it is: the parent must be this or below it.</param>
    /// <param name="parent">The parent; 0 for the owner.</param>
    /// <exception cref="RpcException">A limit is reached, or the parent is none of the owner's.</exception>
    public GuestProcess Start(ProcessSpec spec, SessionBudget budget, uint owner, uint parent)
    {
        var process = Add(spec, budget, owner, parent == 0 ? owner : parent);
        try
        {
            process.Start(Remove);
        }
        catch (OutOfMemoryException)
        {
            // What the base library throws where the system has no thread left.
            process.Dispose();
            Remove(process);
            throw new RpcException(RpcErrorType.Overloaded, "the node has no thread left for another process");
        }

        lock (_lock)
        {
            _ending.Add(process.Completion);
        }

        HostLog.ProcessStarted(logger, process.Pid, process.Parent, process.Cid.ToString());
        _ = LogAsync(process);
        return process;
    }

    /// <summary>Those below an owner, parents before children.</summary>
    public List<GuestProcess> List(uint owner)
    {
        lock (_lock)
        {
            return Below(owner);
        }
    }

    /// <summary>Finds a process below an owner.</summary>
    public bool TryFind(uint owner, uint pid, [NotNullWhen(true)] out GuestProcess? process)
    {
        lock (_lock)
        {
            return _live.TryGetValue(pid, out process) && IsBelow(owner, pid);
        }
    }

    /// <summary>Kills a process and all below it.</summary>
    public void Kill(GuestProcess process)
    {
        List<GuestProcess> below;
        lock (_lock)
        {
            below = Below(process.Pid);
        }

        process.Kill();
        below.ForEach(static child => child.Kill());
    }

    /// <summary>Kills all, and waits until all have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_lock)
        {
            _isClosed = true;
            foreach (var process in _live.Values)
            {
                process.Kill();
            }

            ending = [.. _ending];
        }

        await Task.WhenAll(ending).ConfigureAwait(false);
    }

    private GuestProcess Add(ProcessSpec spec, SessionBudget budget, uint owner, uint parent)
    {
        lock (_lock)
        {
            if (_isClosed || (owner != Root && !_live.ContainsKey(owner)))
            {
                throw new RpcException("the executor's process has ended");
            }

            if (parent != owner && !(_live.ContainsKey(parent) && IsBelow(owner, parent)))
            {
                throw new RpcException($"there is no process {parent} to be the parent");
            }

            if (_live.Count >= options.ProcessesMax)
            {
                throw new RpcException(RpcErrorType.Overloaded, $"the node runs {options.ProcessesMax} processes already");
            }

            if (budget.Processes >= options.SessionProcessesMax)
            {
                throw new RpcException(RpcErrorType.Overloaded, $"the session runs {options.SessionProcessesMax} processes already");
            }

            var limits = spec.WallTimeMax is { } wall && !(_limits.WallTimeMax < wall) ? _limits with { WallTimeMax = wall } : _limits;
            var process = new GuestProcess(NextPid(), parent, spec, budget, limits, DateTimeOffset.UtcNow);
            budget.Processes++;
            _live.Add(process.Pid, process);
            TellChanged();
            return process;
        }
    }

    private void Remove(GuestProcess process)
    {
        List<GuestProcess> orphans;
        lock (_lock)
        {
            orphans = Below(process.Pid);
            _live.Remove(process.Pid);
            process.Budget.Processes--;
            Invariant.Check(process.Budget.Processes >= 0);
            TellChanged();
        }

        orphans.ForEach(static child => child.Kill());
    }

    private void TellChanged() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private uint NextPid()
    {
        do
        {
            _lastPid = Math.Max(_lastPid + 1, Root + 1);
        }
        while (_live.ContainsKey(_lastPid));

        return _lastPid;
    }

    /// <summary>Whether a live process is below an owner. A chain may be cut where a parent has just ended: its children are about to.</summary>
    private bool IsBelow(uint owner, uint pid)
    {
        while (_live.TryGetValue(pid, out var process))
        {
            if (process.Parent == owner)
            {
                return true;
            }

            pid = process.Parent;
        }

        return false;
    }

    private List<GuestProcess> Below(uint owner)
    {
        var found = new List<GuestProcess>();
        var parents = new HashSet<uint> { owner };
        foreach (var process in _live.Values.OrderBy(static process => process.Began).ThenBy(static process => process.Pid))
        {
            if (parents.Contains(process.Parent))
            {
                parents.Add(process.Pid);
                found.Add(process);
            }
        }

        return found;
    }

    private async Task LogAsync(GuestProcess process)
    {
        var end = await process.Completion.ConfigureAwait(false);
        lock (_lock)
        {
            _ending.Remove(process.Completion);
        }

        HostLog.ProcessEnded(logger, process.Pid, end.Ending.ToString(), end.ExitCode, end.Reason);
    }
}
