using Wetware.Core;
using Wetware.Rpc;

namespace Wetware.Client;

/// <summary>Makes a failed call the one exception that users of the client handle.</summary>
internal static class RpcFailures
{
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw new WetwareException(failure.Message, failure);
        }
    }
}
