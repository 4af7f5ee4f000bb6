namespace Wetware.Rpc.Link;

/// <summary>What becomes of a call that has come in.</summary>
internal enum Admission
{
    /// <summary>It starts.</summary>
    Start,

    /// <summary>It waits for calls in progress to end.</summary>
    Wait,

    /// <summary>Too many wait already.</summary>
    Refuse,
}
