using Wetware.Host.Protocol;
using Wetware.Rpc;

namespace Wetware.Host.Services;

/// <summary>Keeps a location listed for as long as somebody refers to this.</summary>
/// <param name="hub">Where it is listed.</param>
/// <param name="id">Its number there.</param>
/// <param name="ended">Called once, when it is listed no longer.</param>
internal sealed class RegistrationServer(ProviderHub hub, ulong id, Action ended) : Registry.Registration.IServer, IDisposable
{
    public ValueTask RenewAsync(CallContext<Registry.Registration.RenewParams.Reader, Registry.Registration.RenewResults.Builder> call)
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
