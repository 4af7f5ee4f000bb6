using System.Collections.Immutable;

namespace Wetware.Raft;

/// <summary>
/// Any number of changes that take effect together, through a joint configuration where the transition or their number
/// asks for one (Ongaro 2014, section 4.3). Without changes: leave the joint configuration.
/// </summary>
/// <param name="Transition">Whether and how a joint configuration is used.</param>
/// <param name="Changes">The changes, made in this order.</param>
/// <param name="Context">Opaque bytes for the application.</param>
public sealed record ConfChangeV2(
    ConfChangeTransition Transition,
    ImmutableArray<ConfChangeSingle> Changes,
    ReadOnlyMemory<byte> Context)
{
    /// <summary>The change that leaves a joint configuration.</summary>
    public static ConfChangeV2 Leave { get; } = new(ConfChangeTransition.Auto, [], default);

    /// <summary>Whether the change leaves a joint configuration.</summary>
    public bool LeavesJoint => Transition == ConfChangeTransition.Auto && Changes.IsEmpty;

    /// <summary>Whether the change enters a joint configuration, and then whether the leader leaves it by itself.</summary>
    public bool EntersJoint(out bool autoLeave)
    {
        autoLeave = Transition != ConfChangeTransition.JointExplicit;
        return Transition != ConfChangeTransition.Auto || Changes.Length > 1;
    }

    /// <summary>The payload of an entry of type <see cref="EntryType.ConfChangeV2"/>, as etcd/raft encodes it.</summary>
    public byte[] Encode() => ConfChangeCodec.Encode(this);

    /// <summary>Reads what <see cref="Encode"/> wrote, or no bytes as <see cref="Leave"/>; false for anything else.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> data, out ConfChangeV2 change) =>
        ConfChangeCodec.TryDecode(data, out change);

    /// <summary>The change in a committed entry of either type; false for a normal entry, or a payload that is none.</summary>
    public static bool TryDecode(in Entry entry, out ConfChangeV2 change)
    {
        if (entry.Type == EntryType.ConfChange && ConfChange.TryDecode(entry.Data, out var single))
        {
            change = single.AsV2();
            return true;
        }

        change = Leave;
        return entry.Type == EntryType.ConfChangeV2 && TryDecode(entry.Data, out change);
    }
}
