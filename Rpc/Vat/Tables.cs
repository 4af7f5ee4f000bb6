using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>
/// The state of the RPC protocol on one connection: questions, answers, exports, imports, and embargoes; and what is to
/// leave. Pure data: the connection that owns it holds its gate around every use.
/// </summary>
internal sealed class Tables(IVatLink link)
{
    private long _heldResultBytes;

    /// <summary>The connection; hooks belong to it.</summary>
    public IVatLink Link => link;

    /// <summary>Calls of this side.</summary>
    public SlotTable<Question> Questions { get; } = new();

    /// <summary>Calls of the peer. Invariant: at most <see cref="PeerCallsMax"/>.</summary>
    public PeerTable<IncomingCall> Answers { get; } = new();

    /// <summary>Calls that the peer may have open.</summary>
    public int PeerCallsMax { get; init; } = Limits.PeerCallsMax;

    /// <summary>
    /// Bytes of results that were returned and are kept until the peer finishes their calls. Changes under the gate; read by anyone.
    /// </summary>
    public long HeldResultBytes
    {
        get => Volatile.Read(ref _heldResultBytes);
        set => Volatile.Write(ref _heldResultBytes, value);
    }

    /// <summary>Capabilities that the peer was given.</summary>
    public SlotTable<Export> Exports { get; } = new();

    /// <summary>The same, by what they are.</summary>
    public Dictionary<ClientHook, uint> ExportIds { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Capabilities that the peer gave.</summary>
    public PeerTable<ImportHook> Imports { get; } = new();

    /// <summary>Calls held back until a disembargo returns.</summary>
    public SlotTable<Embargo> Embargoes { get; } = new();

    /// <summary>
    /// Answers whose results held no capabilities and that were dropped without waiting for Finish; a late pipelined call may still name
    /// them.
    /// </summary>
    public HashSet<uint> EarlyDropped { get; } = [];

    /// <summary>Questions for reuse.</summary>
    public Stack<Question> SpareQuestions { get; } = new();

    /// <summary>Messages to send, in order.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>Whether the protocol is over on this connection.</summary>
    public CloseReason? Closed { get; set; }

    /// <summary>Whether nothing is left of any conversation; for tests that check for leaks.</summary>
    public bool IsEmpty => Questions.Count == 0 && Answers.Count == 0 && Exports.Count == 0 && Imports.Count == 0 && Embargoes.Count == 0;
}
