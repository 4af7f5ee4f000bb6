using Wetware.Rpc.Hooks;
using Wetware.Rpc.Transport;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc.Link;

/// <summary>What the parts of one connection share: the gate, what it guards, and the way out.</summary>
internal sealed class LinkCore
{
    [ThreadStatic]
    private static LinkCore? t_looping;

    private LinkCore? _outerLoop;

    public LinkCore(RpcConnection connection, FrameTransport transport, RpcOptions options, ClientHook bootstrap)
    {
        Connection = connection;
        Transport = transport;
        Options = options;
        Tables = new Tables(connection) { PeerCallsMax = options.PeerCallsMax };
        var descriptors = new Descriptors(Tables);
        Outbound = new Outbound(Tables, descriptors);
        Inbound = new Inbound(Tables, descriptors, Outbound, bootstrap);
        Budget = new InboundBudget(options, Tables);
        Effects = new EffectRunner(Budget);
    }

    /// <summary>The connection itself.</summary>
    public RpcConnection Connection { get; }

    /// <summary>Guards the tables. No foreign code runs under it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What carries the frames.</summary>
    public FrameTransport Transport { get; }

    /// <summary>How it behaves.</summary>
    public RpcOptions Options { get; }

    /// <summary>The state of the protocol; guarded by the gate.</summary>
    public Tables Tables { get; }

    /// <summary>What this side says; guarded by the gate.</summary>
    public Outbound Outbound { get; }

    /// <summary>What the peer says; guarded by the gate.</summary>
    public Inbound Inbound { get; }

    /// <summary>The bound on the peer's calls.</summary>
    public InboundBudget Budget { get; }

    /// <summary>Runs what the tables ask for.</summary>
    public EffectRunner Effects { get; }

    /// <summary>This thread is the connection's loop from now on.</summary>
    public void LoopBegins()
    {
        _outerLoop = t_looping;
        t_looping = this;
    }

    /// <summary>This thread no longer is the connection's loop.</summary>
    public void LoopEnds() => t_looping = _outerLoop;

    /// <summary>The transport has ended, on whichever thread; from here on everything is sent at once.</summary>
    public static void LoopStops() => t_looping = null;

    /// <summary>Sends what waits; on the loop's thread that is done once for everything that one batch of received messages brought about.</summary>
    public void Flush()
    {
        if (!ReferenceEquals(t_looping, this))
        {
            Transport.Flush();
        }
    }

    /// <summary>Ends the connection if far too much waits for a peer that does not read. Call it under no lock.</summary>
    public void EndIfFull()
    {
        var bytes = Tables.Outbox.Bytes;
        if (bytes > 2 * Options.SendQueueBytesMax)
        {
            Connection.End(new CloseReason(CloseKind.SendQueueFull, $"{bytes} bytes of answers wait for the peer, which does not read"));
        }
    }

    /// <summary>The question that a call became, if it still is open. Call it under the gate.</summary>
    public Question? FindQuestion(OutgoingCall call, uint version) =>
        Tables.Closed is null
        && Tables.Questions.TryGet(call.QuestionId, out var question)
        && ReferenceEquals(question.Call, call)
        && question.CallVersion == version
            ? question
            : null;

    /// <summary>Finishes a question that nobody is interested in. Call it under the gate.</summary>
    public void FinishIfUnwanted(uint id, Question question)
    {
        if (question.Pipelines.Count == 0)
        {
            Outbound.Finish(id, question, releaseResultCaps: true, question.IsReturned);
        }
    }
}
