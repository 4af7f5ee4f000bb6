using Wetware.Rpc;

namespace Wetware.Fuzz.Rpc;

/// <summary>A reference that a vat of the model keeps.</summary>
/// <param name="capability">Owned.</param>
/// <param name="id">One for each reference of a model.</param>
internal sealed class ModelReference(Capability capability, ulong id)
{
    public Capability Capability => capability;

    public ulong Id => id;

    /// <summary>The number of the next call through it.</summary>
    public ulong Next { get; set; }

    /// <summary>Whether it is known what it refers to, and that is alive.</summary>
    public bool IsSettled => capability.IsSettled && capability.Error is null;
}
