namespace Wetware.Fuzz.Programs;

/// <summary>What a number of clients do at the same time, in a world that one seed draws.</summary>
/// <param name="Seed">Of the world: network, disks, clocks and faults.</param>
/// <param name="Clients">The calls of each client, in order; answers are not known yet.</param>
internal sealed record ConcurrentProgram<TCall>(ulong Seed, TCall[][] Clients)
{
    public override string ToString() =>
        $"world {Seed}\n" + string.Join('\n', Clients.Select((calls, client) => $"  client {client}: {string.Join("; ", calls)}"));
}
