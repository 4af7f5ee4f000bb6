using Wetware.Core;
using Wetware.Rpc.Transport;

namespace Wetware.Client.Net;

/// <summary>A connection over which calls may go.</summary>
/// <param name="Transport">Carries them; not started.</param>
/// <param name="Peer">Who proved to be at the other end; <see cref="PeerId.None"/> over plain text.</param>
/// <param name="Binding">What ties a login to this very connection.</param>
internal sealed record SecuredChannel(FrameTransport Transport, PeerId Peer, ChannelBinding Binding);
