using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>Waits for an exported promise, to tell the peer what became of it.</summary>
internal sealed class ExportListener(IVatLink link, uint exportId, Export export) : ISettleListener
{
    /// <summary>The export as it was when the listening began; by now the id may mean another.</summary>
    public Export Export => export;

    /// <summary>Its id.</summary>
    public uint ExportId => exportId;

    public void Settled(ClientHook promise) => link.ExportSettled(this, promise);
}
