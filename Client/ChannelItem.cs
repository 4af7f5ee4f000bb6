using Wetware.Rpc;

namespace Wetware.Client;

/// <summary>What was received from a channel. Dispose of it to let go of the capability, if it is one.</summary>
/// <param name="Data">The bytes; empty if it is no data.</param>
/// <param name="Capability">The capability, if it is one; valid until this is disposed of.</param>
public sealed record ChannelItem(ReadOnlyMemory<byte> Data, Capability? Capability) : IDisposable
{
    /// <summary>Lets go of it.</summary>
    public void Dispose() => Capability?.Dispose();
}
