namespace Wetware.Rpc;

/// <summary>
/// An object that answers calls. Generated server interfaces implement <see cref="DispatchAsync"/>; a class that
/// implements one of them needs nothing else. If it is <see cref="IDisposable"/> or <see cref="IAsyncDisposable"/>, it
/// is disposed once the last reference to it anywhere is gone.
/// </summary>
public interface ICapabilityServer
{
    /// <summary>
    /// Starts one call. Calls of one connection start one after another, in the order they were sent, each running up to
    /// its first await; calls of different connections run in parallel. While a streaming call (<c>-> stream</c>) runs,
    /// calls that come after it wait until it has ended. Do not block: a connection's loop runs it.
    /// </summary>
    /// <param name="interfaceId">The interface that declares the method.</param>
    /// <param name="methodId">The method's ordinal.</param>
    /// <param name="call">The parameters and results; valid until the returned task completes, not after.</param>
    /// <returns>Completes when the results are filled in. An exception becomes the caller's.</returns>
    ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call);
}
