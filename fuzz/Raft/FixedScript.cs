namespace Wetware.Fuzz.Raft;

/// <summary>A concurrent program: the calls of each client, in order.</summary>
internal sealed class FixedScript<TCall>(IReadOnlyList<IReadOnlyList<TCall>> clients) : IScript<TCall>
{
    private readonly int[] _next = new int[clients.Count];

    public bool IsDone
    {
        get
        {
            for (var client = 0; client < _next.Length; client++)
            {
                if (_next[client] < clients[client].Count)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public bool TryNext(int client, out TCall call)
    {
        var hasMore = _next[client] < clients[client].Count;
        call = hasMore ? clients[client][_next[client]++] : default!;
        return hasMore;
    }

    public void End()
    {
        // A program is run to its end.
    }
}
