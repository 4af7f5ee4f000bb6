using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>A capability that the peer was given.</summary>
/// <param name="hook">What calls go to; one count is the export's.</param>
internal sealed class Export(ClientHook hook)
{
    /// <summary>What calls go to.</summary>
    public ClientHook Hook { get; } = hook;

    /// <summary>
    /// What the export is found by when the same capability is sent again: the hook itself, or what a promise became meanwhile.
    /// </summary>
    public ClientHook Key { get; set; } = hook;

    /// <summary>How often it was sent, less what was released. Invariant: at least 1.</summary>
    public long References { get; set; } = 1;

    /// <summary>Whether the peer was told that it is a promise, and not yet what became of it.</summary>
    public bool IsOpenPromise { get; set; }
}
