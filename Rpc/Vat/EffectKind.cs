namespace Wetware.Rpc.Vat;

/// <summary>What the tables ask to be done once no lock is held.</summary>
internal enum EffectKind
{
    /// <summary>Bring a call to its target.</summary>
    Deliver,

    /// <summary>Let an order mark follow the calls to a hook.</summary>
    Pass,

    /// <summary>Hand results to a caller.</summary>
    Complete,

    /// <summary>Hand an error to a caller.</summary>
    Fail,

    /// <summary>Settle a promise.</summary>
    Settle,

    /// <summary>Listen to a promise.</summary>
    Listen,

    /// <summary>Tell a callee that its caller lost interest.</summary>
    Cancel,

    /// <summary>Give a hook's count back.</summary>
    Release,

    /// <summary>Give a message back.</summary>
    Drop,

    /// <summary>The table no longer holds a call of the peer.</summary>
    Forget,

    /// <summary>Point the promises pipelined on a call at its question.</summary>
    Forward,

    /// <summary>Tell those who wait for a promised import.</summary>
    Announce,

    /// <summary>Let a caller take the results of a call that the peer was tail-called with.</summary>
    TakeResults,
}
