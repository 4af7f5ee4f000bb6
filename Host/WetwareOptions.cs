using System.Reflection;
using Wetware.Client.Identity;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Host.Services.Processes;
using Wetware.Host.Sessions;
using Wetware.Host.Storage;
using Wetware.Membership.Boot;
using Wetware.Protocol;

namespace Wetware.Host;

/// <summary>
/// How a node is set up. Every value has a sane default; <see cref="Validate"/> is called at start and names the
/// first value that cannot work. Instances are immutable; change one with a <c>with</c> expression.
/// </summary>
public sealed record WetwareOptions
{
    /// <summary>The defaults: one loopback TCP port chosen by the system, nobody to join.</summary>
    public static WetwareOptions Default { get; } = new();

    /// <summary>Version of this build, as it is told to clients.</summary>
    public static string Version => Telemetry.Version;

    /// <summary>Name of the cluster. Peers of another namespace are refused.</summary>
    public string Namespace { get; init; } = "ww";

    /// <summary>Multiaddrs to accept connections on, such as <c>/ip4/127.0.0.1/tcp/9000</c> or <c>/unix/run/ww.sock</c>. Port 0 lets the system choose.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["/ip4/127.0.0.1/tcp/0"];

    /// <summary>Multiaddrs of peers to meet first. Without any, and with an empty data folder, the node founds a cluster of its own.</summary>
    public IReadOnlyList<string> Join { get; init; } = [];

    /// <summary>
    /// Where to look for peers, each as <c>Wetware.Membership.Boot.BootTarget</c> reads it: a multicast group to survey
    /// (<c>/ip4/228.8.8.8/udp/8822/multicast/lo</c>, at its end <c>/survey</c> to ask the nearest first), a network to crawl
    /// (<c>/ip4/10.0.1.0/udp/8822/cidr/24</c>), a port to ask, or any port with 0 (<c>/ip4/127.0.0.1/udp/0</c>), or a peer to dial. A node with an empty data
    /// folder joins the cluster that it finds, or founds one if it finds none.
    /// </summary>
    public IReadOnlyList<string> Discover { get; init; } = [];

    /// <summary>Where the node keeps its identity, its log and its snapshots; created when absent. Held exclusively while the node runs.</summary>
    public string DataFolder { get; init; } = "ww-data";

    /// <summary>File of the node's private key, in PEM, created when absent; <c>identity.pem</c> in the data folder if null. Nobody else may read it.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>
    /// Whether connections go over plain text instead of TLS in which both sides prove their peer ids. All nodes and clients of a cluster
    /// must agree. Only for networks that are closed by other means.
    /// </summary>
    public bool Insecure { get; init; }

    /// <summary>Labels that queries can select by; keys and values must be without '=' in the key.</summary>
    public IReadOnlyDictionary<string, string> Meta { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long a heartbeat of this node counts. Heartbeats are announced well inside it.</summary>
    public TimeSpan HeartbeatTtl { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Duration of one Raft tick.</summary>
    public TimeSpan RaftTick { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Ticks without word from a leader before an election; the real timeout is random between this and its double.</summary>
    public int ElectionTicks { get; init; } = 10;

    /// <summary>Ticks between two heartbeats of a leader.</summary>
    public int HeartbeatTicks { get; init; } = 2;

    /// <summary>Applied entries after which the state machine is snapshotted and the log compacted.</summary>
    public ulong SnapshotEntries { get; init; } = 100_000;

    /// <summary>
    /// Bytes per second that this node sends of snapshots, to all members that it brings up together, so that these leave room for everything else. The default
    /// is half of what a gigabit line takes.
    /// </summary>
    public long SnapshotBytesPerSecond { get; init; } = 64 << 20;

    /// <summary>How long a proposal is awaited before its outcome is reported as unknown.</summary>
    public TimeSpan ProposalTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long dialling a peer may take.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a node that was never a member goes on asking those that it was told to join while they keep silent, as the nodes of a busy machine may;
    /// each attempt waits longer than the last, <see cref="DialTimeout"/> at first. Where connections are refused it gives up at once.
    /// </summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a graceful stop may take before connections are cut.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether this node takes part in the Raft groups. A node that does not still gossips, queries and crawls.</summary>
    public bool Votes { get; init; } = true;

    /// <summary>Who may do what. By default everybody may do everything, as befits a network that is closed by other means.</summary>
    public Sessions.ISessionPolicy SessionPolicy { get; init; } = Sessions.SessionPolicies.AllowAll;

    /// <summary>Messages a second that one session publishes on this node in the long run, its programs included; what comes faster waits. Signing and sending one costs every node.</summary>
    public int PublishesPerSecondMax { get; init; } = 1_000;

    /// <summary>What this program serves to those who log in, beside what every node does.</summary>
    public IReadOnlyList<IWetwareService> Services { get; init; } = [];

    /// <summary>What the programs that the node runs may use.</summary>
    public ProcessOptions Processes { get; init; } = ProcessOptions.Default;

    /// <summary>Checks that the values can work together.</summary>
    /// <exception cref="WetwareOptionsException">Names the first value that cannot, and what to do.</exception>
    public void Validate()
    {
        Require(Namespace.Length is > 0 and <= Limits.NamespaceCharsMax, $"Namespace must have 1 to {Limits.NamespaceCharsMax} characters");
        Require(Listen.Count > 0, "Listen must name at least one address, such as /ip4/127.0.0.1/tcp/0");
        foreach (var address in Listen)
        {
            Endpoints.ParseListen(address);
        }

        foreach (var address in Join)
        {
            Endpoints.ParseDial(address);
        }

        foreach (var target in Discover)
        {
            if (!BootTarget.TryParse(target, out var parsed, out var error))
            {
                throw new WetwareOptionsException($"Discover '{target}': {error}");
            }

            if (parsed.Kind == BootKind.Static)
            {
                Endpoints.ParseDial(target);
            }
        }

        Require(DataFolder.Length > 0, "DataFolder must not be empty");
        foreach (var (key, value) in Meta)
        {
            Require(key.Length > 0 && !key.Contains('=', StringComparison.Ordinal), $"Meta key '{key}' must not be empty or contain '='");
            Require(key.Length + value.Length < Limits.MetaCharsMax, $"Meta '{key}' is longer than {Limits.MetaCharsMax} characters");
        }

        Require(
            Services.All(static service => service.Name.Length > 0 && !ServiceNames.All.Contains(service.Name)) && Services.DistinctBy(static service => service.Name).Count() == Services.Count,
            $"Services must have different names, none of them empty or one of {string.Join(", ", ServiceNames.All)}");
        Require(PublishesPerSecondMax >= 1, "PublishesPerSecondMax must be at least 1");
        Require(Processes.Reject() is null, Processes.Reject() ?? string.Empty);
        Require(HeartbeatTtl >= TimeSpan.FromSeconds(1) && HeartbeatTtl <= TimeSpan.FromHours(1), "HeartbeatTtl must lie between 1 s and 1 h");
        Require(RaftTick >= TimeSpan.FromMilliseconds(1), "RaftTick must be at least 1 ms");
        Require(HeartbeatTicks >= 1 && ElectionTicks > HeartbeatTicks, "ElectionTicks must exceed HeartbeatTicks, which must be at least 1");
        Require(SnapshotEntries >= 1, "SnapshotEntries must be at least 1");
        Require(
            SnapshotBytesPerSecond is >= Consensus.Limits.SnapshotBytesPerSecondMin and <= Consensus.Limits.SnapshotBytesPerSecondMax,
            $"SnapshotBytesPerSecond must lie between {Consensus.Limits.SnapshotBytesPerSecondMin} and {Consensus.Limits.SnapshotBytesPerSecondMax}");
        Require(ProposalTimeout > TimeSpan.Zero && DialTimeout > TimeSpan.Zero && JoinTimeout > TimeSpan.Zero && StopTimeout >= TimeSpan.Zero, "timeouts must be positive");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new WetwareOptionsException(what);
        }
    }
}
