using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>
/// The connection of a vat, as the vat and what it leaves behind in hooks see it. What the vat needs of the outside it asks here: objects
/// that other threads use too, and so have locks of their own.
/// </summary>
internal interface IVatLink : ILink
{
    /// <summary>An entry for the answer table. Runs under the connection's gate.</summary>
    /// <param name="answerId">The peer's question id.</param>
    /// <param name="interfaceId">The interface that declares the method.</param>
    /// <param name="methodId">The method's ordinal.</param>
    /// <param name="parameters">Ownership passes; null for the bootstrap question.</param>
    /// <param name="keepsResults">Whether the peer wants the results kept here.</param>
    IncomingCall NewAnswer(uint answerId, ulong interfaceId, ushort methodId, RpcMessage? parameters, bool keepsResults);

    /// <summary>A promise with two counts, for the caller and for the one who settles it. Runs under the connection's gate.</summary>
    PromiseHook NewPromise();

    /// <summary>
    /// The capability at a path of the results of an answer of the table. Runs under the connection's gate, and takes the call's.
    /// </summary>
    /// <returns>One count is the caller's.</returns>
    ClientHook FindPipelined(IncomingCall answer, PipelinePath path);

    /// <summary>An exported promise has settled. Call it under no lock.</summary>
    void ExportSettled(ExportListener listener, ClientHook promise);

    /// <summary>Every call that the peer sent before its disembargo has gone ahead. Call it under no lock.</summary>
    /// <param name="embargoId">The peer's id.</param>
    /// <param name="pointsBack">What the peer was told that its promise became; null if that is nothing of the peer's.</param>
    void Disembargoed(uint embargoId, RemoteHook? pointsBack);
}
