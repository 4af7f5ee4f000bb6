using System.Net;
using System.Net.Sockets;
using Wetware.Core;
using Wetware.Rpc.Transport;

namespace Wetware.Client.Net;

/// <summary>None: plain text, for networks that are closed by other means. Who answers is proved by nobody.</summary>
internal sealed class PlainSecurity : IChannelSecurity
{
    public async Task<SecuredChannel> ConnectAsync(EndPoint endPoint, PeerId expected, CancellationToken cancellation) =>
        new(await Transports.ConnectAsync(endPoint, cancellation).ConfigureAwait(false), PeerId.None, ChannelBinding.None);

    public Task<SecuredChannel> AcceptAsync(Socket socket, CancellationToken cancellation) =>
        Task.FromResult(new SecuredChannel(Transports.FromSocket(socket), PeerId.None, ChannelBinding.None));

    public void Dispose()
    {
        // Plain text holds nothing.
    }
}
