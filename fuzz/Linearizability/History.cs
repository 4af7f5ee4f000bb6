using System.Runtime.InteropServices;
using Wetware.Core;

namespace Wetware.Fuzz.Linearizability;

/// <summary>Records operations as they are invoked and return, in the order of these events. One thread at a time.</summary>
internal sealed class History<TCall>
{
    private readonly List<Operation<TCall>> _operations = [];
    private long _events;

    /// <summary>All operations so far, in the order of invocation; valid until the next <see cref="Invoke"/>.</summary>
    public ReadOnlySpan<Operation<TCall>> Operations => CollectionsMarshal.AsSpan(_operations);

    public int Count => _operations.Count;

    /// <summary>Begins an operation, open until <see cref="Return"/>. Returns its id.</summary>
    public int Invoke(int client, TCall call)
    {
        _operations.Add(new Operation<TCall>(client, _events++, Operation.Open, call));
        return _operations.Count - 1;
    }

    /// <summary>Ends an open operation; <paramref name="call"/> holds the answer too.</summary>
    public void Return(int id, TCall call)
    {
        var operation = _operations[id];
        Invariant.Check(operation.IsOpen, "an operation returned twice");
        _operations[id] = operation with { Returned = _events++, Call = call };
    }
}
