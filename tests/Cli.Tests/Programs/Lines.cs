namespace Wetware.Cli.Tests.Programs;

/// <summary>What another process prints, line by line as it comes, for whoever waits for one. Safe for concurrent use.</summary>
internal sealed class Lines(string what)
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task ReadAsync(TextReader source)
    {
        while (await source.ReadLineAsync(CancellationToken.None) is { } line)
        {
            TaskCompletionSource grown;
            lock (_gate)
            {
                _lines.Add(line);
                (grown, _grown) = (_grown, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            grown.SetResult();
        }
    }

    /// <summary>Waits for a line, printed already or later.</summary>
    public Task<string> FirstAsync(Func<string, bool> isIt, string line)
    {
        return Patience.For(Find(), $"{line} in {what}", ToString);

        async Task<string> Find()
        {
            for (var seen = 0; ;)
            {
                string[] fresh;
                Task grown;
                lock (_gate)
                {
                    fresh = [.. _lines.Skip(seen)];
                    grown = _grown.Task;
                }

                if (fresh.FirstOrDefault(isIt) is { } found)
                {
                    return found;
                }

                seen += fresh.Length;
                await grown.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
            }
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join('\n', _lines);
        }
    }
}
