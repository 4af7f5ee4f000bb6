using System.Net;
using System.Net.Sockets;
using Wetware.Core;
using Wetware.Host.Net;

namespace Wetware.Host.Tests.Net;

public class ListenerPairTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public void With_port_0_a_port_that_is_taken_for_datagrams_is_given_back_and_another_chosen()
    {
        // The sockets that are in the way are real: each is bound just before the node would bind its own.
        var inTheWay = new List<Socket>();
        using var pair = ListenerPair.Listen("anywhere", s_anyPort, endPoint =>
        {
            if (inTheWay.Count < 5)
            {
                inTheWay.Add(ListenerPair.BindDatagrams(endPoint));
            }

            return ListenerPair.BindDatagrams(endPoint);
        });
        using var datagrams = pair.TakeDatagrams();
        Assert.Equal(pair.Connections.EndPoint, datagrams!.LocalEndPoint);
        Assert.Equal(5, inTheWay.Count);
        Assert.DoesNotContain(datagrams.LocalEndPoint, inTheWay.Select(socket => socket.LocalEndPoint));
        inTheWay.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public void It_gives_up_when_every_port_is_taken()
    {
        var tries = 0;
        var failure = Assert.Throws<WetwareException>(() => ListenerPair.Listen("anywhere", s_anyPort, _ =>
        {
            tries++;
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }));
        Assert.Contains("cannot listen on UDP 127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.InRange(tries, 2, 1_000);
    }

    [Fact]
    public void A_port_that_was_asked_for_is_not_exchanged()
    {
        using var other = ListenerPair.BindDatagrams(s_anyPort);
        var taken = (IPEndPoint)other.LocalEndPoint!;
        var failure = Assert.Throws<WetwareException>(() => ListenerPair.Listen("there", taken, ListenerPair.BindDatagrams));
        Assert.StartsWith("cannot listen on ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_faults_of_a_socket_are_told_at_once()
    {
        var tries = 0;
        Assert.Throws<WetwareException>(() => ListenerPair.Listen("anywhere", s_anyPort, _ =>
        {
            tries++;
            throw new SocketException((int)SocketError.AccessDenied);
        }));
        Assert.Equal(1, tries);
    }
}
