using Wetware.Core;

namespace Wetware.Membership.Boot;

/// <summary>
/// Whether a node that knows nobody is to found a cluster or to join one, when several may be in that state at once: it listens for a
/// while; if anybody answers, there is a cluster to join; of those who only ask, the one with the least peer id founds, and the others
/// go on asking until it answers. Whoever waits must ask several times within the window. Without I/O.
/// </summary>
public sealed class FoundingRule
{
    private readonly PeerId _self;
    private readonly string _ns;
    private readonly ulong _windowMs;
    private ulong _decideAt;

    /// <summary>A node that has just begun to ask.</summary>
    /// <param name="self">Its peer.</param>
    /// <param name="ns">The cluster that it is of.</param>
    /// <param name="windowMs">How long to listen: long enough that whoever is there was asked more than once.</param>
    /// <param name="now">The present, in milliseconds.</param>
    public FoundingRule(in PeerId self, string ns, ulong windowMs, ulong now)
    {
        _self = self;
        _ns = ns;
        _windowMs = windowMs;
        _decideAt = now + windowMs;
    }

    /// <summary>Whether there is a cluster to join.</summary>
    public bool Joins { get; private set; }

    /// <summary>Takes in a packet that another peer signed.</summary>
    public void Hear(BootPacket packet, ulong now)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (packet.Namespace != _ns)
        {
            return;
        }

        if (packet.Kind == BootPacketKind.Response)
        {
            Joins = true;
        }
        else if (packet.Peer < _self)
        {
            // It goes first, and answers when it has founded; if it goes away instead, this node's turn comes.
            _decideAt = Math.Max(_decideAt, now + _windowMs);
        }
    }

    /// <summary>Whether nobody else is left to wait for.</summary>
    public bool Founds(ulong now) => !Joins && now >= _decideAt;
}
