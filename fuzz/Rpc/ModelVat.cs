using Wetware.Core;
using Wetware.Rpc;

namespace Wetware.Fuzz.Rpc;

/// <summary>One vat of the model: what it keeps, what it has promised, and its connections.</summary>
internal sealed class ModelVat
{
    public List<ModelReference> Held { get; } = [];

    public List<CapabilityPromise> Promises { get; } = [];

    public List<RpcConnection> Connections { get; } = [];

    /// <summary>Whether it keeps one that is settled.</summary>
    public bool HasSettled => Held.Exists(static reference => reference.IsSettled);

    /// <summary>One of what it keeps, drawn; it keeps something.</summary>
    public ModelReference AnyHeld(ref Prng prng) => Held[(int)prng.Below((ulong)Held.Count)];

    /// <summary>A new reference to one that it keeps and that is settled, drawn; null if there is none.</summary>
    public Capability? AnySettled(ref Prng prng)
    {
        var settled = Held.FindAll(static reference => reference.IsSettled);
        return settled.Count > 0 ? settled[(int)prng.Below((ulong)settled.Count)].Capability.AddRef() : null;
    }

    public void Drop(int index)
    {
        Held[index].Capability.Dispose();
        Held.RemoveAt(index);
    }

    public void DropAll()
    {
        while (Held.Count > 0)
        {
            Drop(0);
        }
    }
}
