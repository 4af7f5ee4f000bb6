namespace Wetware.Rpc.Hooks;

/// <summary>Someone who waits for a promise to settle.</summary>
internal interface ISettleListener
{
    /// <summary>The promise has settled.</summary>
    /// <param name="promise">The hook that was listened to; its <see cref="ClientHook.Resolution"/> is set if it was a promise.</param>
    void Settled(ClientHook promise);
}
