using Wetware.Core;
using Wetware.Fuzz.Linearizability;

namespace Wetware.Fuzz.Raft;

/// <summary>The operations of one group's clients and where each stands in the log; judges them, by the certificate first.</summary>
internal sealed class Testimony<TState, TCall>(IModel<TState, TCall> model, Func<ISequential<TCall>> replay)
    where TState : notnull
    where TCall : notnull
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly History<TCall> _history = new();
    private readonly List<ulong> _indexes = [];

    public ReadOnlySpan<Operation<TCall>> Operations => _history.Operations;

    public long Answered { get; private set; }

    public TCall this[int id] => _history.Operations[id].Call;

    public int Invoke(int client, TCall call)
    {
        _indexes.Add(0);
        return _history.Invoke(client, call);
    }

    /// <summary>The operation stands there in the log. False if it stands somewhere else already.</summary>
    public bool Place(int id, LogIndex index)
    {
        if (_indexes[id] == 0)
        {
            _indexes[id] = index.Value;
        }

        return _indexes[id] == index.Value;
    }

    public void Return(int id, TCall call)
    {
        Answered++;
        _history.Return(id, call);
    }

    /// <summary>Null, or what is wrong.</summary>
    public string? Check()
    {
        var operations = _history.Operations;
        var placed = new List<Certified<TCall>>(operations.Length);
        for (var id = 0; id < operations.Length; id++)
        {
            if (_indexes[id] != 0)
            {
                placed.Add(new(operations[id], _indexes[id]));
            }
            else if (!operations[id].IsOpen)
            {
                return $"'{operations[id].Call}' was answered and stands nowhere in the log";
            }
        }

        var certificate = Certificate.Check<TCall>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(placed), replay());
        if (certificate.Holds)
        {
            return null;
        }

        // The certificate or the answers are wrong; the search tells which.
        var searched = new Checker<TState, TCall>(model).Check(operations, Patience);
        return $"certificate: {certificate.Reason}; search: {searched.Verdict}";
    }
}
