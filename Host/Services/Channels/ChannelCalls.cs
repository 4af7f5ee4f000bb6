using Wetware.Capnp;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Channels;

/// <summary>What calls do with a channel, through whichever of its references they come.</summary>
internal static class ChannelCalls
{
    public static ValueTask SendAsync(
        LiveChannel channel, CallContext<Sender.SendParams.Reader<PointerReader, PointerBuilder>, Sender.SendResults.Builder<PointerReader, PointerBuilder>> call)
    {
        var value = HeldValue.From(call.Params.Value);
        // The channel counts it from here on.
        call.Untyped.ReleaseParams();
        return channel.SendAsync(value, call.Cancellation);
    }

    public static ValueTask ReceiveAsync(
        LiveChannel channel, CallContext<Recver.RecvParams.Reader<PointerReader, PointerBuilder>, Recver.RecvResults.Builder<PointerReader, PointerBuilder>> call) =>
        channel.ReceiveAsync(value => value.Write(call.Results.InitValue()), call.Cancellation);

    public static ValueTask CloseAsync(LiveChannel channel)
    {
        channel.Close();
        return ValueTask.CompletedTask;
    }
}
