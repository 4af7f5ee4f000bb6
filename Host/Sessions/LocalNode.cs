using Wetware.Core;
using Wetware.Protocol;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Sessions;

/// <summary>Who this node is.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Server">This start of it.</param>
/// <param name="Namespace">The cluster.</param>
/// <param name="HostName">The machine.</param>
internal sealed record LocalNode(PeerId Peer, ServerId Server, string Namespace, string HostName)
{
    /// <summary>Writes it into a session.</summary>
    public void Write(Session.Local.Builder wire)
    {
        wire.SetPeer(Peer.Bytes);
        wire.Server = Server.Value;
        wire.SetHost(HostName);
        wire.SetVersion(Telemetry.Version);
    }
}
