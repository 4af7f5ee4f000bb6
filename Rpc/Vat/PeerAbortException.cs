namespace Wetware.Rpc.Vat;

/// <summary>The peer ended the connection because of something that this side did.</summary>
internal sealed class PeerAbortException(RpcException reason) : Exception(reason.Reason, reason);
