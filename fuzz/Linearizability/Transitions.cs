using System.Runtime.CompilerServices;

namespace Wetware.Fuzz.Linearizability;

/// <summary>A model in numbers: states and calls are interned, and each step is computed once. The search sees only this.</summary>
internal abstract class Transitions
{
    private readonly StepTable _steps = new();

    /// <summary>The id of the state at first.</summary>
    public const int InitialState = 0;

    /// <summary>The state after a call, or <see cref="StepTable.Illegal"/>.</summary>
    public int Next(int state, int call)
    {
        var next = _steps.Find(state, call);
        return next != StepTable.Unknown ? next : Learn(state, call);
    }

    protected void Forget() => _steps.Clear();

    protected abstract int Compute(int state, int call);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Learn(int state, int call)
    {
        var next = Compute(state, call);
        _steps.Add(state, call, next);
        return next;
    }
}
