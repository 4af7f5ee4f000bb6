using Wetware.Capnp;
using Wetware.Core;
using Wetware.Protocol.Wire;

namespace Wetware.Client;

/// <summary>
/// Makes channels, and finds them where they were stored in anchors. A channel is in the memory of one node, from wherever it is used, and is gone when
/// nothing refers to it any more, an anchor included. Safe for concurrent use. Every method throws <see cref="WetwareException"/> when a node refuses or is lost.
/// </summary>
public sealed class ChannelClient
{
    private readonly Protocol.Wire.Channels.Client _channels;
    private readonly AnchorClient _anchors;

    internal ChannelClient(Protocol.Wire.Channels.Client channels, AnchorClient anchors)
    {
        _channels = channels;
        _anchors = anchors;
    }

    /// <summary>Makes a channel on the node that the session is with.</summary>
    /// <param name="items">Values that its buffer holds, 0 to 65536; with none, every send waits for a receiver.</param>
    /// <param name="bytes">Bytes that its buffer holds, with some hundred for each value; 0 for as many as the node allows.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<RemoteChannel> MakeAsync(int items = 0, long bytes = 0, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (_channels.Capability is null or { IsNull: true })
        {
            throw new WetwareException("the session grants no channels");
        }

        using var answer = _channels.Make((uint)items, (ulong)bytes, cancellation);
        return new RemoteChannel((await answer).Chan.AddRef());
    });

    /// <summary>Makes a channel on the node whose anchor a path begins with, and stores it there.</summary>
    /// <param name="path">Such as <c>/&lt;peer id&gt;/some/name</c>.</param>
    /// <param name="items">See <see cref="MakeAsync(int, long, CancellationToken)"/>.</param>
    /// <param name="bytes">See <see cref="MakeAsync(int, long, CancellationToken)"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="WetwareException">Also if the anchor holds something already.</exception>
    public async Task<RemoteChannel> MakeAtAsync(string path, int items = 0, long bytes = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        var node = path.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? throw new WetwareException("nothing can be stored in /");
        using var host = await _anchors.LoadAsync("/" + node, cancellation).ConfigureAwait(false);
        var made = await host.Session!.Channels.MakeAsync(items, bytes, cancellation).ConfigureAwait(false);
        try
        {
            return await _anchors.StoreAsync(path, made, overwrite: false, cancellation).ConfigureAwait(false)
                ? made
                : throw new WetwareException($"{path} holds something already");
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>The channel in an anchor.</summary>
    /// <exception cref="WetwareException">Also if the anchor holds no capability.</exception>
    public async Task<RemoteChannel> OpenAsync(string path, CancellationToken cancellation = default)
    {
        var found = await _anchors.LoadCapabilityAsync(path, cancellation).ConfigureAwait(false) ?? throw new WetwareException($"there is no channel at {path}");
        return new RemoteChannel(new Chan.Client<PointerReader, PointerBuilder>(found));
    }
}
