namespace Wetware.Rpc.Hooks;

/// <summary>A capability that the peer exports.</summary>
internal sealed class ImportHook(ILink link, uint importId, bool isPromise) : RemoteHook(link)
{
    /// <summary>The peer's export id.</summary>
    public uint ImportId => importId;

    /// <summary>How often the peer sent it since it was last released. Guarded by the gate.</summary>
    public uint References { get; set; }

    /// <summary>Whether the peer said that it is a promise, and has not said yet what became of it.</summary>
    public bool IsPromise => isPromise && Resolution is null;

    public override bool IsUnsettled => IsPromise;
}
