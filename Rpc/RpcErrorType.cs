namespace Wetware.Rpc;

/// <summary>
/// Why a call failed, as the caller should react to it. The numbers are those of rpc.capnp's Exception.Type.
/// </summary>
public enum RpcErrorType : ushort
{
    /// <summary>Something is wrong with the call or the callee; trying again gives the same answer.</summary>
    Failed = 0,

    /// <summary>The callee lacks resources right now; trying again later can work.</summary>
    Overloaded = 1,

    /// <summary>A connection that the call needs is gone; connecting again and trying again can work.</summary>
    Disconnected = 2,

    /// <summary>The callee does not know this method; fall back to another way.</summary>
    Unimplemented = 3,
}
