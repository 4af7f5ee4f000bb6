using Wetware.Core;

namespace Wetware.Fuzz.Linearizability;

/// <summary>The transitions of one model over the calls of one part of a history.</summary>
internal sealed class ModelTransitions<TState, TCall> : Transitions
    where TState : notnull
    where TCall : notnull
{
    private readonly IModel<TState, TCall> _model;
    private readonly Dictionary<TState, int> _stateIds = [];
    private readonly List<TState> _states = [];
    private readonly Dictionary<TCall, int> _callIds = [];
    private readonly List<TCall> _calls = [];

    public ModelTransitions(IModel<TState, TCall> model)
    {
        _model = model;
        Reset();
    }

    public int CallCount => _calls.Count;

    /// <summary>Forgets everything but the initial state.</summary>
    public void Reset()
    {
        Forget();
        _stateIds.Clear();
        _states.Clear();
        _callIds.Clear();
        _calls.Clear();
        Invariant.Check(StateId(_model.Initial) == InitialState, "the initial state is state 0");
    }

    /// <summary>The id of a call; equal calls with equal answers have one.</summary>
    public int CallId(TCall call)
    {
        if (!_callIds.TryGetValue(call, out var id))
        {
            id = _calls.Count;
            _calls.Add(call);
            _callIds.Add(call, id);
        }

        return id;
    }

    protected override int Compute(int state, int call) =>
        _model.Step(_states[state], _calls[call], out var next) ? StateId(next) : StepTable.Illegal;

    private int StateId(TState state)
    {
        if (!_stateIds.TryGetValue(state, out var id))
        {
            id = _states.Count;
            Invariant.Check(id < Limits.StatesMax, "more states than a search may meet");
            _states.Add(state);
            _stateIds.Add(state, id);
        }

        return id;
    }
}
