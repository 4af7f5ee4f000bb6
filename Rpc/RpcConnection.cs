using Wetware.Rpc.Hooks;
using Wetware.Rpc.Link;
using Wetware.Rpc.Transport;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc;

/// <summary>
/// A two-party connection that speaks the Cap'n Proto RPC protocol. Its transport's loop brings the peer's messages, and
/// runs handlers and continuations; any thread may call. Everything that belongs to the protocol happens under one gate,
/// and no foreign code runs under it.
/// </summary>
public sealed class RpcConnection : IAsyncDisposable, IDisposable
{
    private readonly LinkCore _core;
    private readonly ClientHook _bootstrap;
    private readonly TaskCompletionSource<CloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RpcConnection(FrameTransport transport, RpcOptions options)
    {
        _bootstrap = options.Bootstrap?.Hook.AddReference()
            ?? new BrokenHook(new RpcException(RpcErrorType.Unimplemented, "this peer offers no bootstrap capability"));
        _core = new LinkCore(this, transport, options.Validated(), _bootstrap);
    }

    /// <summary>Completes when the connection has ended, with the first reason.</summary>
    public Task<CloseReason> Closed => _closed.Task;

    /// <summary>Why it ended; null while it lives.</summary>
    public CloseReason? CloseReason
    {
        get
        {
            lock (_core.Gate)
            {
                return _core.Tables.Closed;
            }
        }
    }

    /// <summary>Whether no question, answer, export, import or embargo is left; for tests that look for leaks.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_core.Gate)
            {
                return _core.Tables.IsEmpty;
            }
        }
    }

    /// <summary>Bytes that wait to be sent; for tests of what a peer may cost.</summary>
    internal long SendQueueBytes => _core.Tables.Outbox.Bytes;

    /// <summary>Starts to speak over a transport, which the connection owns from now on.</summary>
    public static RpcConnection Start(FrameTransport transport, RpcOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var connection = new RpcConnection(transport, options ?? RpcOptions.Default);
        transport.Start(new FrameSink(connection._core));
        return connection;
    }

    /// <summary>The capability that the peer offers to everyone who connects. It can be called at once.</summary>
    public Capability Bootstrap()
    {
        var call = OutgoingCall.RentBare();
        CloseReason? closed;
        lock (_core.Gate)
        {
            closed = _core.Tables.Closed;
            if (closed is null)
            {
                call.BindTo(_core, _core.Outbound.Bootstrap(call));
            }
        }

        if (closed is not null)
        {
            call.Fail(closed.ToException());
        }

        var capability = call.GetPipelined(PipelinePath.Root).AddRef();
        call.Dispose(call.Version);
        _core.Flush();
        return capability;
    }

    /// <summary>The capability that the peer offers, as a client of an interface.</summary>
    public TClient Bootstrap<TClient>()
        where TClient : struct, ICapabilityClient<TClient>
        => TClient.From(Bootstrap());

    /// <summary>Ends the connection. Calls under way, both ways, fail as disconnected.</summary>
    public void Dispose() => End(new CloseReason(CloseKind.Local, "this side closed the connection"));

    /// <summary>Ends the connection and waits until its loop has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _core.Transport.Stopped.ConfigureAwait(false);
    }

    /// <summary>How full the tables are, for people who look for a leak.</summary>
    internal string Describe()
    {
        lock (_core.Gate)
        {
            var tables = _core.Tables;
            return $"{tables.Questions.Count} questions, {tables.Answers.Count} answers, {tables.Exports.Count} exports, "
                + $"{tables.Imports.Count} imports, {tables.Embargoes.Count} embargoes";
        }
    }

    /// <summary>Ends the connection, and tells the peer why.</summary>
    internal void EndWithAbort(CloseReason reason)
    {
        lock (_core.Gate)
        {
            if (_core.Tables.Closed is null)
            {
                _core.Tables.Outbox.Add(RpcMessage.NewAbort(new RpcException(RpcErrorType.Failed, reason.Text)));
            }
        }

        End(reason);
    }

    /// <summary>Ends the connection. The first reason counts.</summary>
    internal void End(CloseReason reason)
    {
        var effects = EffectLists.Rent();
        lock (_core.Gate)
        {
            if (_core.Tables.Closed is not null)
            {
                EffectLists.Return(effects);
                return;
            }

            _core.Tables.Closed = reason;
            Closing.Collect(_core.Tables, reason.ToException(), effects);
        }

        try
        {
            _core.Transport.Close();
            _core.Effects.Run(effects);
            EffectLists.Return(effects);
            _core.Effects.FailWaiting(reason);
            _bootstrap.Release();
        }
        finally
        {
            _closed.TrySetResult(reason);
        }
    }
}
