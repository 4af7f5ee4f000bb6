using System.Globalization;

namespace Wetware.Bench.Membership;

/// <summary>What this process knows of what a <see cref="RealNode"/> knows.</summary>
internal sealed class WatchedNode(int number, Child child) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _present = [];
    private readonly List<(string Peer, long At)> _left = [];
    private TaskCompletionSource _changed = New();

    public int Number { get; } = number;

    public string Address { get; private set; } = "";

    public string Peer { get; private set; } = "";

    public Child Process { get; } = child;

    /// <summary>Waits until it is up, and then listens to it.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        var words = (await Process.LineAsync(cancellation)).Split(' ');
        (Address, Peer) = (words[0], words[1]);
        _ = ListenAsync();
    }

    /// <summary>Waits until it knows so many peers, itself among them.</summary>
    /// <returns>When it came to know the last of them.</returns>
    public Task<long> WhenFullAsync(int count, CancellationToken cancellation) =>
        WhenAsync(() => _present.Count == count ? _present.Values.Max() : null, cancellation);

    /// <summary>Waits until it says that a peer has left.</summary>
    /// <returns>When it came to know.</returns>
    public Task<long> WhenLeftAsync(string peer, CancellationToken cancellation) =>
        WhenAsync(() => _left.FindIndex(gone => gone.Peer == peer) is >= 0 and var at ? _left[at].At : null, cancellation);

    /// <summary>Every peer that it has said has left.</summary>
    public IReadOnlyList<string> Left()
    {
        lock (_gate)
        {
            return [.. _left.Select(gone => gone.Peer)];
        }
    }

    public void Dispose() => Process.Dispose();

    private async Task<long> WhenAsync(Func<long?> look, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (look() is { } found)
                {
                    return found;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private async Task ListenAsync()
    {
        while (await Process.Output.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            var at = long.Parse(words[1], CultureInfo.InvariantCulture);
            TaskCompletionSource changed;
            lock (_gate)
            {
                switch (words[0])
                {
                    case "-":
                        _present.Remove(words[2]);
                        _left.Add((words[2], at));
                        break;
                    default:
                        _present.TryAdd(words[2], at);
                        break;
                }

                (changed, _changed) = (_changed, New());
            }

            changed.SetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
