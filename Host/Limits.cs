namespace Wetware.Host;

/// <summary>The limits of a node; each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Characters. A namespace travels in every handshake.</summary>
    public const int NamespaceCharsMax = 64;

    /// <summary>Characters of one "key=value". Meta travels in every heartbeat, which must fit a datagram.</summary>
    public const int MetaCharsMax = 256;

    /// <summary>Proposals of one node that await their outcome at once; one more is dropped, so that memory stays bounded.</summary>
    public const int ProposalsPendingMax = 65_536;

    /// <summary>Events that a turn of the Raft loop waits for no others with.</summary>
    public const int TurnEventsEnough = 128;

    /// <summary>Batches of resumed waiters on the thread pool from which on a turn waits a moment for what they propose.</summary>
    public const int TurnBatchesAwaited = 2;

    /// <summary>How long it waits for each such batch, in microseconds: about as long as a batch takes.</summary>
    public const int TurnGatherMicrosecondsPerBatch = 5;

    /// <summary>How long it waits at most, in microseconds: about as long as a turn takes.</summary>
    public const int TurnGatherMicrosecondsMax = 40;

    /// <summary>Bytes of one replicated command. Large values belong beside the log, not in it.</summary>
    public const int CommandBytesMax = 4 << 20;

    /// <summary>The least rate of snapshots, in bytes per second: at less, a snapshot may be older than the log before it has arrived.</summary>
    public const long SnapshotBytesPerSecondMin = 1 << 20;

    /// <summary>The greatest rate of snapshots, in bytes per second: more than any line carries, so that a limit of it counts as none.</summary>
    public const long SnapshotBytesPerSecondMax = 1L << 40;

    /// <summary>Bytes of a snapshot that a node accepts from a peer.</summary>
    public const long SnapshotBytesMax = 1L << 30;

    /// <summary>Raft messages queued for one peer; beyond it further ones are dropped, which Raft repairs.</summary>
    public const int PeerMessagesMax = 4_096;

    /// <summary>Bytes of Raft messages queued for one peer, beside those of the request under way. More than the largest message, a command with what surrounds it.</summary>
    public const long PeerBytesMax = 16L << 20;

    /// <summary>Raft messages in one request: the heartbeats of so many groups.</summary>
    public const int RequestMessagesMax = 1_024;

    /// <summary>Bytes of Raft messages in one request, unless one alone is larger; small enough that what is urgent is not long in coming behind it.</summary>
    public const long RequestBytesMax = 1L << 20;

    /// <summary>Connections accepted at once.</summary>
    public const int ConnectionsMax = 4_096;

    /// <summary>
    /// Seconds that a stranger may take to prove who it is: long enough for one of many that start at once on a slow machine, short enough that
    /// silent connections do not pile up.
    /// </summary>
    public const int HandshakeSecondsMax = 15;

    /// <summary>Voters that a cluster grows to by itself; further members stay learners.</summary>
    public const int VotersMax = 7;

    /// <summary>Start pages of one crawl; they travel in one command.</summary>
    public const int CrawlSeedsMax = 1_024;

    /// <summary>Bytes of the program of a crawl, which every node keeps in its replicated state.</summary>
    public const int CrawlRomBytesMax = 8 << 20;

    /// <summary>Bytes of one piece of it: a message of a queue.</summary>
    public const int CrawlRomPieceBytes = Queue.Limits.PayloadBytesMax;

    /// <summary>Pages that one node fetches at a time for one crawl; each holds a connection and a page in memory.</summary>
    public const int CrawlWorkersMax = 256;

    /// <summary>Results that are read from the queue at a time while they are streamed.</summary>
    public const int ResultsPageMax = 512;

    /// <summary>Characters of a path of anchors.</summary>
    public const int AnchorPathCharsMax = 4_096;

    /// <summary>Names of a path of anchors, and levels of a tree of them: what people can still name.</summary>
    public const int AnchorDepthMax = 32;

    /// <summary>Anchors of one node; each takes some hundred bytes beside its name and value.</summary>
    public const int AnchorsMax = 65_536;

    /// <summary>Bytes of data in one anchor. Large values belong into a capability that hands them out.</summary>
    public const int AnchorDataBytesMax = 64 << 10;

    /// <summary>Bytes of data in all anchors of one node.</summary>
    public const long AnchorsBytesMax = 64L << 20;

    /// <summary>Subscriptions of one node; each is a call under way.</summary>
    public const int SubscriptionsMax = 16_384;

    /// <summary>Messages that one subscription may keep for a slow consumer.</summary>
    public const int SubscriptionMessagesMax = 1_024;

    /// <summary>Bytes that all subscriptions of one node keep for slow consumers; what comes beyond is dropped and counted.</summary>
    public const long SubscriptionsBytesMax = 64L << 20;

    /// <summary>Publications of one node that wait for the gossip loop at once, among the frames of its peers: signing one takes about a tenth of a millisecond.</summary>
    public const int PublicationsPendingMax = 16;

    /// <summary>Channels of one node; each takes some hundred bytes beside what is in it.</summary>
    public const int ChannelsMax = 16_384;

    /// <summary>Values in the buffer of one channel.</summary>
    public const int ChannelItemsMax = 65_536;

    /// <summary>Sends that wait at one channel, and receives: each is a call under way.</summary>
    public const int ChannelWaitersMax = 1_024;

    /// <summary>Bytes of one value of a channel, with what it costs to keep it. Large values belong into a capability that hands them out.</summary>
    public const long ChannelValueBytesMax = 1L << 20;

    /// <summary>Bytes that a value takes beside its content, about.</summary>
    public const int ChannelValueOverheadBytes = 256;

    /// <summary>Bytes that a capability in a value takes, about.</summary>
    public const int ChannelCapabilityBytes = 256;

    /// <summary>Bytes in the buffer of one channel. More than the largest value.</summary>
    public const long ChannelBytesMax = 16L << 20;

    /// <summary>Bytes of the values in all channels of one node, those of waiting sends included.</summary>
    public const long ChannelsBytesMax = 64L << 20;

    /// <summary>Bytes of the name of a service; the same as of a topic.</summary>
    public const int ServiceBytesMax = 255;

    /// <summary>Bytes of one location of a service, with what it costs to keep it: a handful of addresses and some labels.</summary>
    public const long LocationBytesMax = 16 << 10;

    /// <summary>Locations that one node lists.</summary>
    public const int ProvidersMax = 16_384;

    /// <summary>Bytes of all locations that one node lists. They must fit into one answer, if they are all of one service.</summary>
    public const long ProvidersBytesMax = 8L << 20;

    /// <summary>Locations that one session keeps listed.</summary>
    public const int SessionProvidersMax = 1_024;

    /// <summary>Nodes that are asked at once for the providers of a service.</summary>
    public const int FindNodesMax = 16;

    /// <summary>Executors that lie within one another, each leased from the one before; a program needs one for each node.</summary>
    public const int ExecutorDepthMax = 16;

    /// <summary>Executors that one program leases: one for each node that it starts programs on.</summary>
    public const int ProcessLeasesMax = 1_024;

    /// <summary>Bytes of a page of WebAssembly's memory.</summary>
    public const int WasmPageBytes = 64 << 10;

    /// <summary>Characters of the arguments and the environment of a program together: what Linux gives a program of its own, about.</summary>
    public const int ProcessTextMax = 1 << 20;
}
