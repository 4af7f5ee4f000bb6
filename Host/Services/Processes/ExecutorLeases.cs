using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Processes;

/// <summary>
/// The executors that a program finds in sessions with nodes, each leased for that program alone: what it starts through one ends with it, and with the
/// connections in between, on whatever node it runs. Safe for concurrent use.
/// </summary>
internal sealed class ExecutorLeases : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private bool _isOver;

    /// <summary>Leases an executor, or finds the lease that there is. The caller disposes of it.</summary>
    /// <param name="source">Borrowed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RpcException">It is refused, the program has ended, or it holds too many.</exception>
    public async Task<Executor.Client> LeaseAsync(Executor.Client source, CancellationToken cancellation)
    {
        if (Find(source) is { } known)
        {
            return known;
        }

        using var answer = source.Lease(cancellation);
        return Add(source, (await answer).Executor);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _entries.ForEach(static entry => entry.Dispose());
            _entries.Clear();
        }
    }

    private Executor.Client? Find(Executor.Client source)
    {
        lock (_lock)
        {
            return _entries.Find(entry => entry.Source.IsSame(source.Capability))?.Hand();
        }
    }

    private Executor.Client Add(Executor.Client source, Executor.Client lease)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                throw new RpcException("the program has ended");
            }

            if (_entries.Find(entry => entry.Source.IsSame(source.Capability)) is { } first)
            {
                return first.Hand();
            }

            foreach (var lost in _entries.FindAll(static entry => entry.IsLost))
            {
                lost.Dispose();
                _entries.Remove(lost);
            }

            if (_entries.Count >= Limits.ProcessLeasesMax)
            {
                throw new RpcException(RpcErrorType.Overloaded, $"the program holds executors of {Limits.ProcessLeasesMax} nodes already");
            }

            var entry = new Entry(source.Capability.AddRef(), lease.Capability.AddRef());
            _entries.Add(entry);
            return entry.Hand();
        }
    }

    /// <summary>One lease. Others may be handed it by the program, and lose it when the program ends.</summary>
    private sealed class Entry(Capability source, Capability lease) : IDisposable
    {
        private readonly RevocableCapability _handed = new(lease);

        public Capability Source => source;

        public bool IsLost => lease.Error is not null;

        public Executor.Client Hand() => new(_handed.Capability.AddRef());

        public void Dispose()
        {
            _handed.Revoke("the executor's process has ended");
            _handed.Dispose();
            lease.Dispose();
            source.Dispose();
        }
    }
}
