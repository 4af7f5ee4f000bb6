using System.Diagnostics.CodeAnalysis;
using Wetware.Rpc.Hooks;

namespace Wetware.Rpc;

/// <summary>
/// Makes references to objects of one kind, and recognizes them when they come back as parameters. Only the set that made a reference can
/// get at its object, and nobody can forge one.
/// </summary>
/// <typeparam name="TServer">The kind of object.</typeparam>
public sealed class CapabilitySet<TServer>
    where TServer : class, ICapabilityServer
{
    /// <summary>A reference to an object, made by this set.</summary>
    /// <param name="server">Disposed with the last reference, if it is disposable.</param>
    public Capability Add(TServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new Capability(new LocalHook(server, this));
    }

    /// <summary>The object behind a reference, if this set made it and it is known by now.</summary>
    public bool TryGet(Capability capability, [NotNullWhen(true)] out TServer? server)
    {
        ArgumentNullException.ThrowIfNull(capability);
        server = capability.Hook.Innermost() is LocalHook local && ReferenceEquals(local.Set, this) ? (TServer)local.Server : null;
        return server is not null;
    }

    /// <summary>The same, once the reference has settled; null if this set did not make it.</summary>
    public async Task<TServer?> GetAsync(Capability capability)
    {
        ArgumentNullException.ThrowIfNull(capability);
        await capability.WhenSettledAsync().ConfigureAwait(false);
        return TryGet(capability, out var server) ? server : null;
    }
}
