using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Registry;

/// <summary>Keeps a location listed for as long as somebody refers to this.</summary>
/// <param name="hub">Where it is listed.</param>
/// <param name="id">Its number there.</param>
/// <param name="ended">Called once, when it is listed no longer.</param>
internal sealed class RegistrationServer(ProviderHub hub, ulong id, Action ended) : Protocol.Wire.Registry.Registration.IServer, IDisposable
{
    public ValueTask RenewAsync(CallContext<Protocol.Wire.Registry.Registration.RenewParams.Reader, Protocol.Wire.Registry.Registration.RenewResults.Builder> call)
    {
        hub.Renew(id, call.Params.Ttl);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        hub.Remove(id);
        ended();
    }
}
