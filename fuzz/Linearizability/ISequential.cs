namespace Wetware.Fuzz.Linearizability;

/// <summary>A real object, called by one thread: what concurrent histories are compared with.</summary>
internal interface ISequential<TCall>
{
    /// <summary>Does what the call asks, whatever answer it holds. Returns it with the answer the object gives, known.</summary>
    TCall Execute(in TCall call);

    /// <summary>Whether the answer in <paramref name="told"/> is the one in <paramref name="real"/>, or unknown.</summary>
    bool Agrees(in TCall told, in TCall real);

    /// <summary>Whether the call changes nothing, whatever the state.</summary>
    bool IsRead(in TCall call);
}
