using Wetware.Core;
using Wetware.Rpc;

namespace Wetware.Fuzz.Rpc;

/// <summary>The lines between the vats of a model, each pair joined by one. A message moves when it is told to.</summary>
internal sealed class ModelNetwork : IDisposable
{
    private readonly List<SimulatedTransport> _lines = [];
    private readonly List<RpcConnection> _connections = [];

    /// <summary>Joins two vats.</summary>
    /// <param name="one">The first.</param>
    /// <param name="other">The second.</param>
    /// <param name="bootstrap">Makes what each end offers.</param>
    public void Join(ModelVat one, ModelVat other, Func<Capability> bootstrap)
    {
        var (left, right) = SimulatedTransport.Pair();
        Start(one, left, bootstrap);
        Start(other, right, bootstrap);
    }

    /// <summary>One direction of a line, drawn.</summary>
    public SimulatedTransport AnyLine(ref Prng prng) => _lines[(int)prng.Below((ulong)_lines.Count)];

    /// <summary>The vat that a message of a line goes to.</summary>
    public static ModelVat Receiver(SimulatedTransport line) => (ModelVat)line.Other.Tag!;

    /// <summary>Moves every message that waits, and those that are sent meanwhile on the lines to come; false if none does.</summary>
    /// <param name="arriving">Told of each one's vat before it gets it.</param>
    public bool TryMoveAll(Action<ModelVat> arriving)
    {
        var moved = false;
        foreach (var line in _lines)
        {
            while (line.HasSent)
            {
                arriving(Receiver(line));
                line.Move();
                moved = true;
            }
        }

        return moved;
    }

    /// <summary>Checks that no connection holds anything for a peer that holds nothing.</summary>
    public void CheckIdle()
    {
        foreach (var connection in _connections)
        {
            Invariant.Check(connection.IsIdle, connection.Describe());
        }
    }

    public void Dispose() => _connections.ForEach(static connection => connection.Dispose());

    private void Start(ModelVat vat, SimulatedTransport line, Func<Capability> bootstrap)
    {
        using var offered = bootstrap();
        var connection = RpcConnection.Start(line, RpcOptions.Default with { Bootstrap = offered });
        line.Tag = vat;
        _lines.Add(line);
        _connections.Add(connection);
        vat.Connections.Add(connection);
    }
}
