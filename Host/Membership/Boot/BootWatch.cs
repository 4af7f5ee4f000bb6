using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Wetware.Core;
using Wetware.Membership.Boot;

namespace Wetware.Host.Membership.Boot;

/// <summary>Listens to those who look for peers, and says nothing.</summary>
public static class BootWatch
{
    /// <summary>Packets that wait for a slow reader; beyond it the oldest are dropped.</summary>
    private const int PacketsMax = 1_024;

    /// <summary>Yields every boot packet that passes a multicast group, or comes to the port of a crawl, until it is cancelled.</summary>
    /// <param name="target">Where, such as <see cref="BootTarget.Default"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="WetwareOptionsException">There is nothing to listen to.</exception>
    /// <exception cref="WetwareException">It cannot be listened to.</exception>
    public static async IAsyncEnumerable<BootSighting> WatchAsync(string target, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (!BootTarget.TryParse(target, out var parsed, out var error))
        {
            throw new WetwareOptionsException($"'{target}': {error}");
        }

        if (parsed.Kind is BootKind.Static or BootKind.Port)
        {
            throw new WetwareOptionsException($"'{target}' names a peer; packets pass a multicast group or the port of a crawl");
        }

        var packets = Channel.CreateBounded<BootDatagram>(new BoundedChannelOptions(PacketsMax) { FullMode = BoundedChannelFullMode.DropOldest });
        using var socket = BootSocket.Open(parsed, answers: true);
        using var codec = new BootCodec();
        var receiving = socket.ReceiveAsync(datagram => packets.Writer.TryWrite(datagram), cancellation);
        await foreach (var datagram in packets.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            codec.TryOpen(datagram.Bytes, out var packet, out var fault);
            yield return new BootSighting(packet, fault, datagram.Bytes.Length, datagram.From);
        }

        await receiving.ConfigureAwait(false);
    }
}
