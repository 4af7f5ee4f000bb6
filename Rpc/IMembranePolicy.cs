namespace Wetware.Rpc;

/// <summary>What may cross a <see cref="Membrane"/>.</summary>
public interface IMembranePolicy
{
    /// <summary>A call from outside reaches an object inside.</summary>
    /// <exception cref="RpcException">It may not: the caller gets this.</exception>
    void Inbound(ulong interfaceId, ushort methodId);

    /// <summary>A call from inside reaches an object outside.</summary>
    /// <exception cref="RpcException">It may not: the caller gets this.</exception>
    void Outbound(ulong interfaceId, ushort methodId);
}
