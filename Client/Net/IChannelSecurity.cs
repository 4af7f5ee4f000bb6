using System.Net;
using System.Net.Sockets;
using Wetware.Core;

namespace Wetware.Client.Net;

/// <summary>What is done to a fresh connection before anything is said over it. Safe for concurrent use.</summary>
internal interface IChannelSecurity : IDisposable
{
    /// <summary>Dials.</summary>
    /// <param name="endPoint">Where.</param>
    /// <param name="expected">Who must answer; <see cref="PeerId.None"/> if anybody may.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ChannelException">The other side did not prove who it is, or did not agree.</exception>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    Task<SecuredChannel> ConnectAsync(EndPoint endPoint, PeerId expected, CancellationToken cancellation);

    /// <summary>Takes in a connection that was accepted; owns the socket.</summary>
    /// <exception cref="ChannelException">The other side did not prove who it is, or did not agree.</exception>
    Task<SecuredChannel> AcceptAsync(Socket socket, CancellationToken cancellation);
}
