namespace Wetware.Rpc.Tests;

/// <summary>Builds its results at once, and returns when it is told to.</summary>
internal sealed class HoldingServer(byte[] data) : ICapabilityServer
{
    private readonly TaskCompletionSource _return = new();

    /// <summary>Lets calls return, those to come as well.</summary>
    public void Return() => _return.SetResult();

    public async ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
    {
        call.Results.InitStruct(new(0, 1)).GetPointer(0).SetData(data);
        await _return.Task.ConfigureAwait(false);
    }
}
