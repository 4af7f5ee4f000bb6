using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>Calls that wait until those sent before, the long way round through the peer, have come back.</summary>
/// <param name="Gate">Where they wait.</param>
/// <param name="Target">Where they go afterwards; one count is the embargo's.</param>
internal sealed record Embargo(PromiseHook Gate, ClientHook Target);
