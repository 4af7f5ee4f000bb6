using Wetware.Capnp;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Channels;

/// <summary>A channel, for whoever may do everything with it.</summary>
internal sealed class ChanServer(LiveChannel channel) : Chan.IServer<PointerReader, PointerBuilder>, IDisposable
{
    private readonly LiveChannel _channel = channel.Use();

    public ValueTask SendAsync(CallContext<Sender.SendParams.Reader<PointerReader, PointerBuilder>, Sender.SendResults.Builder<PointerReader, PointerBuilder>> call) =>
        ChannelCalls.SendAsync(_channel, call);

    public ValueTask RecvAsync(CallContext<Recver.RecvParams.Reader<PointerReader, PointerBuilder>, Recver.RecvResults.Builder<PointerReader, PointerBuilder>> call) =>
        ChannelCalls.ReceiveAsync(_channel, call);

    public ValueTask CloseAsync(CallContext<Closer.CloseParams.Reader, Closer.CloseResults.Builder> call) => ChannelCalls.CloseAsync(_channel);

    public ValueTask NewSenderAsync(
        CallContext<SendCloser.NewSenderParams.Reader<PointerReader, PointerBuilder>, SendCloser.NewSenderResults.Builder<PointerReader, PointerBuilder>> call)
    {
        using var sender = Sender.Client<PointerReader, PointerBuilder>.Serve(new SenderServer(_channel));
        call.Results.SetSender(sender);
        return ValueTask.CompletedTask;
    }

    public ValueTask NewCloserAsync(
        CallContext<SendCloser.NewCloserParams.Reader<PointerReader, PointerBuilder>, SendCloser.NewCloserResults.Builder<PointerReader, PointerBuilder>> call)
    {
        using var closer = Closer.Client.Serve(new CloserServer(_channel));
        call.Results.SetCloser(closer);
        return ValueTask.CompletedTask;
    }

    public ValueTask NewSendCloserAsync(
        CallContext<Chan.NewSendCloserParams.Reader<PointerReader, PointerBuilder>, Chan.NewSendCloserResults.Builder<PointerReader, PointerBuilder>> call)
    {
        using var both = SendCloser.Client<PointerReader, PointerBuilder>.Serve(new SendCloserServer(_channel));
        call.Results.SetSendCloser(both);
        return ValueTask.CompletedTask;
    }

    public ValueTask NewRecverAsync(
        CallContext<Chan.NewRecverParams.Reader<PointerReader, PointerBuilder>, Chan.NewRecverResults.Builder<PointerReader, PointerBuilder>> call)
    {
        using var recver = Recver.Client<PointerReader, PointerBuilder>.Serve(new RecverServer(_channel));
        call.Results.SetRecver(recver);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _channel.Release();
}
