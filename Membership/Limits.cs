using Wetware.Protocol.Routing;

namespace Wetware.Membership;

/// <summary>Every limit of this project, with its unit and its reason.</summary>
public static class Limits
{
    /// <summary>The longest sealed heartbeat in bytes: with all its labels and addresses it has less than seven thousand.</summary>
    public const int HeartbeatBytesMax = 8 * 1024;

    /// <summary>The longest message of a topic in bytes: it travels in one frame.</summary>
    public const int MessageBytesMax = 32 * 1024;

    /// <summary>The longest name of a topic in bytes.</summary>
    public const int TopicBytesMax = 255;

    /// <summary>How many messages a node remembers to have seen whole. Beyond it, only the highest number of each publisher.</summary>
    public const int SeenMessagesMax = 8 * 1024;

    /// <summary>How many bytes of messages a node keeps to hand on.</summary>
    public const int SeenBytesMax = 16 * 1024 * 1024;

    /// <summary>How many messages wait for the application; then the oldest is dropped and counted.</summary>
    public const int UndeliveredMax = 4 * 1024;

    /// <summary>The longest host name in bytes: that of DNS.</summary>
    public const int HostBytesMax = 255;

    /// <summary>The longest label "key=value" in bytes: one line of text, so that a heartbeat stays a few datagrams at most.</summary>
    public const int LabelBytesMax = QueryLimits.LabelBytesMax;

    /// <summary>The most labels of one peer. With <see cref="LabelBytesMax"/> it bounds what one peer costs every other.</summary>
    public const int LabelsMax = 16;

    /// <summary>The most addresses of one peer: a few interfaces, two families, a few transports.</summary>
    public const int AddressesMax = 16;

    /// <summary>
    /// The most records of a routing table: a hundred times the largest cluster that is simulated. A stranger's records past it are
    /// refused, so memory is bounded.
    /// </summary>
    public const int RecordsMax = 1 << 21;

    /// <summary>How long a heartbeat counts where it does not say, in milliseconds.</summary>
    public const uint TtlMsDefault = 10_000;

    /// <summary>The longest a heartbeat may count, in milliseconds. Its sender chooses, so it must be bounded: an hour.</summary>
    public const uint TtlMsMax = 3_600_000;

    /// <summary>The longest namespace in bytes: a name, not a document.</summary>
    public const int NamespaceBytesMax = 255;

    /// <summary>The longest frame in bytes. A page of a view is the longest there is; everything else fits a datagram.</summary>
    public const int FrameBytesMax = 64 * 1024;

    /// <summary>Where a page of a view is cut, in bytes: with one more record of the largest size it is still within <see cref="FrameBytesMax"/>.</summary>
    public const int PageBytesMax = 32 * 1024;

    /// <summary>The most elements of a list in a frame. Twelve bytes each is the least, so no honest frame has as many.</summary>
    public const int FrameItemsMax = 8 * 1024;

    /// <summary>
    /// How many strangers a node hears per second. Each costs it a signature check and a key agreement, about a third of a millisecond.
    /// </summary>
    public const int StrangersPerSecondMax = 200;

    /// <summary>The most changes of membership that wait to be taken; more than a large cluster has in a minute.</summary>
    public const int ChangesMax = 16 * 1024;

    /// <summary>The longest boot datagram in bytes, as Wetware has it.</summary>
    public const int BootDatagramBytesMax = 2 * 1024;

    /// <summary>The most namespaces that one node advertises: a handful is usual.</summary>
    public const int NamespacesMax = 256;

    /// <summary>The longest record that peers exchange samples of, in bytes, as Wetware has it: half a view of them is 32 KiB.</summary>
    public const int PexRecordBytesMax = 2 * 1024;

    /// <summary>The most records in one exchange of samples that is read; which of them are taken is for <see cref="Pex.PexOptions"/>.</summary>
    public const int PexSamplesMax = 128;

    /// <summary>The longest file of a sample in bytes: the largest view of the longest records.</summary>
    public const int PexFileBytesMax = 1024 * 1024;

    /// <summary>
    /// Frames per second that a peer is heard, and how many at once. An honest one sends a few, or one for each message of a topic; a
    /// thousand, with a signature each, keep a tenth of a core busy.
    /// </summary>
    public const int PeerFramesPerSecondMax = 1_000;

    /// <inheritdoc cref="PeerFramesPerSecondMax"/>
    public const int PeerFramesBurst = 4_000;

    /// <summary>The standing of a peer goes from zero down. From here on it gets digests instead of records.</summary>
    public const double StandingLazy = -20;

    /// <summary>From here on a peer is not listened to. Above <see cref="StandingLazy"/> again it is: two half-lives, if it behaves.</summary>
    public const double StandingIgnored = -80;

    /// <summary>A standing goes no lower, so that nobody is shut out for longer than a few half-lives after it has come to its senses.</summary>
    public const double StandingMin = -300;

    /// <summary>How long it takes until half of what is held against a peer is forgotten, in milliseconds.</summary>
    public const int StandingHalfLifeMs = 15_000;
}
