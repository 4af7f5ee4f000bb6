using Wetware.Capnp;
using Wetware.Rpc.Hooks;
using Wetware.Rpc.Transport;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc.Link;

/// <summary>What the transport of one connection serves: frames in, messages out.</summary>
internal sealed class FrameSink(LinkCore core) : ITransportSink
{
    private readonly List<Effect> _effects = new(16);

    public int FrameBytesMax => core.Options.FrameBytesMax;

    public bool HasOutgoing => !core.Tables.Outbox.IsEmpty;

    public void BatchStarts() => core.LoopBegins();

    public void Received(Frame frame)
    {
        try
        {
            var message = RpcMessage.FromFrame(frame);
            lock (core.Gate)
            {
                if (core.Tables.Closed is null)
                {
                    core.Inbound.Receive(message, _effects);
                }
                else
                {
                    _effects.Add(new Effect(EffectKind.Drop, message));
                }
            }

            core.Effects.Run(_effects);
            core.EndIfFull();
        }
        catch (ProtocolException broken)
        {
            core.Effects.Run(_effects);
            core.Connection.EndWithAbort(new CloseReason(CloseKind.ProtocolError, "the peer broke the protocol: " + broken.Message));
        }
        catch (DecodeException malformed)
        {
            core.Effects.Run(_effects);
            core.Connection.EndWithAbort(new CloseReason(CloseKind.Malformed, "the peer sent a malformed message: " + malformed.Message));
        }
        catch (PeerAbortException abort)
        {
            core.Effects.Run(_effects);
            core.Connection.End(new CloseReason(CloseKind.AbortedByPeer, "the peer ended the connection: " + abort.Message));
        }
    }

    public void BatchEnds()
    {
        core.LoopEnds();
        core.Transport.Flush();
    }

    public void Ended(CloseReason reason)
    {
        LinkCore.LoopStops();
        core.Connection.End(reason);
    }

    public List<FramedMessage> TakeOutgoing(List<FramedMessage> empty)
    {
        lock (core.Gate)
        {
            return core.Tables.Outbox.Take(empty);
        }
    }

    public void Written(long bytes)
    {
        core.Tables.Outbox.Written(bytes);
        if (core.Budget.Sent())
        {
            // The sender goes on sending. Calls that waited for room start on the thread pool.
            ThreadPool.UnsafeQueueUserWorkItem(static effects => effects.StartWaiting(), core.Effects, preferLocal: false);
        }
    }
}
