using Wetware.Membership.Pex;

namespace Wetware.Membership.Gossip;

/// <summary>
/// Everything one member has to say to another at one moment. A field that is zero or empty was not said. Frames may be lost,
/// repeated and reordered; the protocol repairs that.
/// </summary>
public sealed class Frame
{
    /// <summary>Who speaks, by short name.</summary>
    public ulong From { get; init; }

    /// <summary>The number of a probe to be answered.</summary>
    public uint Ping { get; set; }

    /// <summary>The number of the probe that this answers.</summary>
    public uint Ack { get; set; }

    /// <summary>The fingerprint of the speaker's view, and how many members it has; zero members means that it was not said.</summary>
    public uint Fingerprint { get; set; }

    /// <inheritdoc cref="Fingerprint"/>
    public uint ViewCount { get; set; }

    /// <summary>The speaker got something twice and asks to be sent digests instead.</summary>
    public bool Prune { get; set; }

    /// <summary>The speaker missed something and asks to be sent records again.</summary>
    public bool Graft { get; set; }

    /// <summary>Asks for a page of the listener's view, from the member at this place on, counted from one.</summary>
    public uint PullAt { get; set; }

    /// <summary>This is a page, and the next begins here; <see cref="uint.MaxValue"/> means it was the last.</summary>
    public uint PageNext { get; set; }

    /// <summary>Whole records.</summary>
    public List<SignedRecord> Records { get; } = [];

    /// <summary>What the speaker says about others, or about the listener.</summary>
    public List<Word> Words { get; } = [];

    /// <summary>Records that the speaker has.</summary>
    public List<Digest> Have { get; } = [];

    /// <summary>Members whose records the speaker wants, by short name.</summary>
    public List<ulong> Want { get; } = [];

    /// <summary>Parts of the speaker's view, to be compared.</summary>
    public List<SyncRange> Sync { get; } = [];

    /// <summary>Messages of topics.</summary>
    public List<TopicMessage> Messages { get; } = [];

    /// <summary>Messages that the speaker has.</summary>
    public List<MessageId> MessagesHave { get; } = [];

    /// <summary>Messages that the speaker wants.</summary>
    public List<MessageId> MessagesWant { get; } = [];

    /// <summary>Half of an exchange of samples: some of the records that the speaker keeps, and its own; empty if there is none.</summary>
    public List<Sample> Samples { get; } = [];

    /// <summary>Whether those are given in return for the listener's.</summary>
    public bool IsSampleAnswer { get; set; }

    /// <summary>About how many bytes this takes, so that a frame can be closed before it outgrows a datagram.</summary>
    internal int SizeEstimate { get; set; }
}
