using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>The connection of a vat, as what the vat leaves behind in hooks sees it. Called under no lock.</summary>
internal interface IVatLink : ILink
{
    /// <summary>An exported promise has settled.</summary>
    void ExportSettled(ExportListener listener, ClientHook promise);

    /// <summary>Every call that the peer sent before its disembargo has gone ahead.</summary>
    /// <param name="embargoId">The peer's id.</param>
    /// <param name="pointsBack">What the peer was told that its promise became; null if that is nothing of the peer's.</param>
    void Disembargoed(uint embargoId, RemoteHook? pointsBack);
}
