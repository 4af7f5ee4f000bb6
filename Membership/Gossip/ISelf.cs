namespace Wetware.Membership.Gossip;

/// <summary>The one who can speak for this node: seals its records.</summary>
public interface ISelf
{
    /// <summary>The node's record with a number, sealed.</summary>
    /// <param name="seq">Higher than any before.</param>
    /// <param name="leave">Whether it says that the node is going.</param>
    SignedRecord Seal(ulong seq, bool leave);
}
