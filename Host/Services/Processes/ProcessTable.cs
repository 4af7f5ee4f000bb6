using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Rpc;
using Wetware.Wasm;

namespace Wetware.Host.Services.Processes;

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
    /// <param name="group">What it is part of: the parent must be the owner of that, or one that it sees.</param>
    /// <param name="parent">The parent; 0 for the owner.</param>
    /// <exception cref="RpcException">A limit is reached, the group has ended, or the parent is none that it sees.</exception>
    public GuestProcess Start(ProcessSpec spec, ProcessGroup group, uint parent = 0)
    {
        var process = Add(spec, group, parent == 0 ? group.Owner : parent);
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

        Log.ProcessStarted(logger, process.Pid, process.Parent, process.Cid.ToString());
        _ = LogAsync(process);
        return process;
    }

    /// <summary>Those that a group sees, parents before children: its own if it is leased, else all below its owner.</summary>
    public List<GuestProcess> List(ProcessGroup group)
    {
        lock (_lock)
        {
            return Seen(group);
        }
    }

    /// <summary>Finds a process that a group sees.</summary>
    public bool TryFind(ProcessGroup group, uint pid, [NotNullWhen(true)] out GuestProcess? process)
    {
        lock (_lock)
        {
            return _live.TryGetValue(pid, out process) && Sees(group, pid);
        }
    }

    /// <summary>Leases a group from another.</summary>
    /// <exception cref="RpcException">It has ended, or lies within too many.</exception>
    public ProcessGroup Lease(ProcessGroup above)
    {
        lock (_lock)
        {
            CheckAlive(above);
            return above.Depth < Limits.ExecutorDepthMax
                ? new ProcessGroup(above)
                : throw new RpcException($"an executor is leased from another at most {Limits.ExecutorDepthMax} times over");
        }
    }

    /// <summary>Ends a group: kills what was started in it, and all below that. Nothing more can be started in it.</summary>
    public void End(ProcessGroup group)
    {
        List<GuestProcess> members;
        lock (_lock)
        {
            group.End();
            members = Select(process => group.Contains(process.Group));
        }

        members.ForEach(static process => process.Kill());
    }

    /// <summary>Kills a process and all below it.</summary>
    public void Kill(GuestProcess process)
    {
        List<GuestProcess> below;
        lock (_lock)
        {
            below = Select(child => child.Parent == process.Pid);
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

    private GuestProcess Add(ProcessSpec spec, ProcessGroup group, uint parent)
    {
        lock (_lock)
        {
            CheckAlive(group);
            if (parent != group.Owner && !Sees(group, parent))
            {
                throw new RpcException($"there is no process {parent} to be the parent");
            }

            if (_live.Count >= options.ProcessesMax)
            {
                throw new RpcException(RpcErrorType.Overloaded, $"the node runs {options.ProcessesMax} processes already");
            }

            if (group.Budget.Processes >= options.SessionProcessesMax)
            {
                throw new RpcException(RpcErrorType.Overloaded, $"the session runs {options.SessionProcessesMax} processes already");
            }

            var limits = spec.WallTimeMax is { } wall && !(_limits.WallTimeMax < wall) ? _limits with { WallTimeMax = wall } : _limits;
            var process = new GuestProcess(NextPid(), parent, spec, group, limits, DateTimeOffset.UtcNow);
            group.Budget.Processes++;
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
            orphans = Select(child => child.Parent == process.Pid);
            _live.Remove(process.Pid);
            process.Group.Budget.Processes--;
            Invariant.Check(process.Group.Budget.Processes >= 0);
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

    private void CheckAlive(ProcessGroup group)
    {
        if (_isClosed || group.IsOver || (group.Owner != Root && !_live.ContainsKey(group.Owner)))
        {
            throw new RpcException(group.Owner == Root ? "the executor's session has ended" : "the executor's process has ended");
        }
    }

    private static bool IsSeen(ProcessGroup group, GuestProcess process) => group.IsLeased ? group.Contains(process.Group) : process.Parent == group.Owner;

    /// <summary>Whether a group sees a live process. A chain may be cut where a parent has just ended: its children are about to.</summary>
    private bool Sees(ProcessGroup group, uint pid)
    {
        while (_live.TryGetValue(pid, out var process))
        {
            if (IsSeen(group, process))
            {
                return true;
            }

            pid = process.Parent;
        }

        return false;
    }

    private List<GuestProcess> Seen(ProcessGroup group) => Select(process => IsSeen(group, process));

    /// <summary>Some processes and all below them, parents before children.</summary>
    private List<GuestProcess> Select(Func<GuestProcess, bool> isOne)
    {
        var found = new List<GuestProcess>();
        var parents = new HashSet<uint>();
        foreach (var process in _live.Values.OrderBy(static process => process.Began).ThenBy(static process => process.Pid))
        {
            if (isOne(process) || parents.Contains(process.Parent))
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

        Log.ProcessEnded(logger, process.Pid, end.Ending.ToString(), end.ExitCode, end.Reason);
    }
}
