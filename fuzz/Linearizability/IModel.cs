namespace Wetware.Fuzz.Linearizability;

/// <summary>What a sequential object does, as a function of immutable states that compare by value.</summary>
internal interface IModel<TState, TCall>
    where TState : notnull
    where TCall : notnull
{
    TState Initial { get; }

    /// <summary>The name of the independent part that the call touches; each part is checked alone (Herlihy and Wing, locality).</summary>
    string PartOf(TCall call);

    /// <summary>Whether the call changes no state ever, so that it may be linearized at once wherever its answer is right.</summary>
    bool IsRead(TCall call);

    /// <summary>Whether the call's answer is right in the state, and if so the state that follows.</summary>
    bool Step(TState state, TCall call, out TState next);
}
