using Wetware.Membership.Routing;

namespace Wetware.Host.Membership;

/// <summary>The newest snapshot of a routing table, and word of the next. Written by one thread, read by any.</summary>
internal sealed class TableView(RoutingSnapshot first)
{
    private readonly Lock _gate = new();
    private RoutingSnapshot _snapshot = first;
    private TaskCompletionSource _next = New();

    /// <summary>The table as it was last published.</summary>
    public RoutingSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return _snapshot;
            }
        }
    }

    /// <summary>
    /// Completes when a snapshot that differs is published. To miss none, take this first, then the snapshot, then await it, and begin again.
    /// </summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _next.Task;
            }
        }
    }

    /// <summary>Makes a snapshot the newest.</summary>
    public void Publish(in RoutingSnapshot snapshot)
    {
        TaskCompletionSource? told = null;
        lock (_gate)
        {
            if (!snapshot.IsSameAs(in _snapshot))
            {
                (told, _next) = (_next, New());
            }

            _snapshot = snapshot;
        }

        told?.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
