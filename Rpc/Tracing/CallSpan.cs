using System.Diagnostics;
using Wetware.Core;

namespace Wetware.Rpc.Tracing;

/// <summary>
/// One end of a call while somebody listens: its span, if that is sampled, and its duration. Made anew for each call, since only listeners
/// pay for it. Used by one thread at a time. Invariant: it ends at most once, and only a span that has begun is reported.
/// </summary>
internal sealed class CallSpan
{
    private const string Other = "_OTHER";

    private readonly bool _isServer;
    private readonly TraceContext? _incoming;
    private readonly Activity? _caller;
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private readonly long _started = Stopwatch.GetTimestamp();
    private string? _method;
    private PeerAddress? _peer;
    private Activity? _activity;
    private bool _hasEnded;

    private CallSpan(bool isServer, Activity? caller, TraceContext? incoming)
    {
        _isServer = isServer;
        _caller = caller;
        _incoming = incoming;
    }

    /// <summary>
    /// What runs for the call runs in this: the server's span, or the caller's activity if the call stays in the process.
    /// </summary>
    public Activity? Ambient => (_activity ?? _caller) is { IsStopped: false } ambient ? ambient : null;

    /// <summary>What calls that this one brings about carry.</summary>
    public TraceContext? Context =>
        _activity is not null ? TraceContext.Of(_activity) : _caller is not null ? TraceContext.Of(_caller) : _incoming;

    /// <summary>Starts to measure an outgoing call. It is reported only if it reaches a connection.</summary>
    /// <param name="caller">The activity that calls; null if none does.</param>
    /// <param name="incoming">Where the trace is without one: the context of the call that this one passes on.</param>
    public static CallSpan OfClient(Activity? caller, TraceContext? incoming) => new(isServer: false, caller, incoming);

    /// <summary>Starts the span of an incoming call.</summary>
    /// <param name="incoming">What the call carried.</param>
    public static CallSpan OfServer(TraceContext? incoming) => new(isServer: true, null, incoming);

    /// <summary>The call is at a connection. Said again, only the peer is another.</summary>
    /// <param name="known">The method's name; null if it is not known.</param>
    /// <param name="interfaceId">The interface that declares the method.</param>
    /// <param name="methodId">The method's ordinal.</param>
    /// <param name="peer">Where the peer is, if that is known.</param>
    public void Begin(string? known, ulong interfaceId, ushort methodId, PeerAddress? peer)
    {
        Invariant.Check(!_hasEnded);
        _peer = peer;
        if (_method is not null)
        {
            return;
        }

        _method = known ?? Other;
        if (!Instruments.Source.HasListeners())
        {
            return;
        }

        _activity = Start(known ?? "capnp", [new("rpc.system.name", "capnp"), new("rpc.method", _method)]);
        if (known is null && _activity is { IsAllDataRequested: true })
        {
            _activity.SetTag("rpc.method_original", $"@0x{interfaceId:x16}/{methodId}");
        }
    }

    /// <summary>The call has ended, as far as this side is concerned.</summary>
    /// <param name="error">The type of its error; null if it did not fail.</param>
    /// <param name="reason">The sentence of its error.</param>
    /// <param name="isCanceled">Whether its caller had lost interest.</param>
    public void End(string? error, string? reason, bool isCanceled)
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        if (_method is null)
        {
            return;
        }

        var status = error is not null && isCanceled ? "canceled" : error;
        // A server that is told to stop has not failed.
        var isError = status is not null && !(_isServer && isCanceled);
        Measure(status, isError);
        if (_activity is not null)
        {
            Report(_activity, status, isError, reason);
        }
    }

    // The base library takes the current activity as the parent of one that is given none, and makes a new one current; both are wrong
    // here, since the call may be sent by another thread than its caller's.
    private Activity? Start(string name, KeyValuePair<string, object?>[] tags)
    {
        var parent = _caller?.Context ?? _incoming?.ToActivityContext() ?? default;
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            var kind = _isServer ? ActivityKind.Server : ActivityKind.Client;
            return Instruments.Source.StartActivity(kind, parent, tags, null, _startedAt, name);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private void Report(Activity activity, string? status, bool isError, string? reason)
    {
        if (activity.IsAllDataRequested)
        {
            ReportPeer(activity);
            activity.SetTag("rpc.response.status_code", status);
            if (isError)
            {
                activity.SetTag("error.type", status);
                activity.SetStatus(ActivityStatusCode.Error, reason);
            }
        }

        // Stopping makes the activity current that was so when this one started.
        var current = Activity.Current;
        activity.Stop();
        Activity.Current = current is { IsStopped: false } ? current : null;
    }

    private void ReportPeer(Activity activity)
    {
        if (_peer is not { } peer)
        {
            return;
        }

        activity.SetTag("network.transport", peer.Transport);
        activity.SetTag("network.peer.address", peer.Address);
        activity.SetTag("network.peer.port", peer.Port == 0 ? null : peer.Port);
        if (!_isServer)
        {
            activity.SetTag("server.address", peer.Address);
            activity.SetTag("server.port", peer.Port == 0 ? null : peer.Port);
        }
    }

    private void Measure(string? status, bool isError)
    {
        var durations = _isServer ? Instruments.ServerDuration : Instruments.ClientDuration;
        if (!durations.Enabled)
        {
            return;
        }

        var tags = new TagList { { "rpc.system.name", "capnp" }, { "rpc.method", _method } };
        if (status is not null)
        {
            tags.Add("rpc.response.status_code", status);
        }

        if (isError)
        {
            tags.Add("error.type", status);
        }

        if (_peer is { } peer && !_isServer)
        {
            tags.Add("server.address", peer.Address);
            if (peer.Port != 0)
            {
                tags.Add("server.port", peer.Port);
            }
        }

        durations.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, tags);
    }
}
