using System.Runtime.CompilerServices;
using Wetware.Capnp;
using Wetware.Core;
using Wetware.Protocol;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Client;

/// <summary>
/// A reference to a channel. What was sent is received in the order in which it was sent, each value by one. Disposing of it lets go of it and does not close the
/// channel. Safe for concurrent use. Every method throws <see cref="RemoteChannelClosedException"/> if the channel is closed, and
/// <see cref="WetwareException"/> if its node refuses or is lost, or if the reference was restricted to something else.
/// </summary>
public sealed class RemoteChannel : IDisposable
{
    private readonly Chan.Client<PointerReader, PointerBuilder> _channel;

    internal RemoteChannel(Chan.Client<PointerReader, PointerBuilder> channel) => _channel = channel;

    /// <summary>The reference, to be sent elsewhere; stays this object's.</summary>
    public Capability Capability => _channel.Capability;

    /// <summary>Looks at a reference as one to a channel, such as one that came through another channel.</summary>
    /// <param name="capability">Borrowed.</param>
    public static RemoteChannel From(Capability capability)
    {
        ArgumentNullException.ThrowIfNull(capability);
        return new RemoteChannel(new Chan.Client<PointerReader, PointerBuilder>(capability.AddRef()));
    }

    /// <summary>Sends bytes; returns when a receiver has been handed them, or when they are in the buffer.</summary>
    /// <param name="data">What to send.</param>
    /// <param name="cancellation">Calls it off: if this throws <see cref="OperationCanceledException"/>, it may have come too late, and the bytes may have been sent.</param>
    public Task SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation = default) => SendAsync(value => value.SetData(data.Span), cancellation);

    /// <summary>Sends a reference; returns when a receiver has been handed it, or when it is in the buffer.</summary>
    /// <param name="capability">Borrowed.</param>
    /// <param name="cancellation">Calls it off, if that is not too late.</param>
    public Task SendAsync(Capability capability, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(capability);
        return SendAsync(value => Capability.Write(value, capability), cancellation);
    }

    /// <summary>Receives the oldest value; waits until there is one.</summary>
    /// <param name="cancellation">Gives up. A value that the node hands out in that very moment is lost.</param>
    public Task<ChannelItem> ReceiveAsync(CancellationToken cancellation = default) => CallAsync(
        async () =>
        {
            using var answer = _channel.Recv(cancellation);
            return Read((await answer).Value);
        },
        cancellation);

    /// <summary>Receives values until the channel is closed and nothing is left.</summary>
    public async IAsyncEnumerable<ChannelItem> ReceiveAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            ChannelItem item;
            try
            {
                item = await ReceiveAsync(cancellation).ConfigureAwait(false);
            }
            catch (RemoteChannelClosedException)
            {
                yield break;
            }

            yield return item;
        }
    }

    /// <summary>Closes the channel: nothing can be sent any more, sends that wait are refused, what is in the buffer can still be received.</summary>
    public Task CloseAsync(CancellationToken cancellation = default) => CallAsync(
        async () =>
        {
            using var answer = _channel.AsCloser().Close(cancellation);
            await answer;
            return true;
        },
        cancellation);

    /// <summary>Another reference to the channel, which can do only one of the things that this one can; to be disposed of on its own.</summary>
    public Task<RemoteChannel> RestrictAsync(ChannelRights rights, CancellationToken cancellation = default) => CallAsync(
        async () => new RemoteChannel(new Chan.Client<PointerReader, PointerBuilder>(await RestrictedAsync(rights, cancellation).ConfigureAwait(false))),
        cancellation);

    /// <summary>Lets go of it.</summary>
    public void Dispose() => _channel.Dispose();

    private static ChannelItem Read(PointerReader value)
    {
        try
        {
            return value.Kind == PointerKind.Capability ? new ChannelItem(default, Capability.Read(value).AddRef()) : new ChannelItem(value.GetData().ToArray(), null);
        }
        catch (DecodeException failure)
        {
            throw new WetwareException("a value came that is neither data nor a capability", failure);
        }
    }

    private static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (RpcException failure) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(failure.Message, failure, cancellation);
        }
        catch (RpcException failure)
        {
            throw failure is { Type: RpcErrorType.Failed, Reason: ChannelFault.Closed }
                ? new RemoteChannelClosedException(failure)
                : new WetwareException(failure.Type == RpcErrorType.Unimplemented ? "the reference does not allow that: " + failure.Message : failure.Message, failure);
        }
    }

    private Task<bool> SendAsync(Action<PointerBuilder> write, CancellationToken cancellation) => CallAsync(
        async () =>
        {
            var request = _channel.AsSender().SendRequest();
            write(request.Params.InitValue());
            using var answer = request.Send(cancellation);
            await answer;
            return true;
        },
        cancellation);

    private async Task<Capability> RestrictedAsync(ChannelRights rights, CancellationToken cancellation)
    {
        switch (rights)
        {
            case ChannelRights.Send:
                using (var answer = _channel.AsSendCloser().NewSender(cancellation))
                {
                    return (await answer).Sender.Capability.AddRef();
                }

            case ChannelRights.SendAndClose:
                using (var answer = _channel.NewSendCloser(cancellation))
                {
                    return (await answer).SendCloser.Capability.AddRef();
                }

            case ChannelRights.Close:
                using (var answer = _channel.AsSendCloser().NewCloser(cancellation))
                {
                    return (await answer).Closer.Capability.AddRef();
                }

            case ChannelRights.Receive:
                using (var answer = _channel.NewRecver(cancellation))
                {
                    return (await answer).Recver.Capability.AddRef();
                }

            default:
                throw new ArgumentOutOfRangeException(nameof(rights));
        }
    }
}
