namespace Wetware.Raft.Log;

/// <summary>Writes down in the state file what every group must not forget when segments are let go.</summary>
internal sealed class Checkpoint(StateFile state)
{
    /// <summary>Writes the slots of all groups that changed, and syncs.</summary>
    /// <param name="groups">All groups.</param>
    /// <param name="batch">The number of the last batch.</param>
    /// <param name="oldest">The oldest segment there is.</param>
    /// <param name="kept">The oldest segment that stays.</param>
    public void Write(IReadOnlyCollection<GroupLog> groups, ulong batch, ulong oldest, ulong kept)
    {
        // No slot may say that segments are not needed before all groups have theirs; and then both twins must say so, lest the loss
        // of one makes segments seem to be missing.
        WriteSlots(groups, batch, 0, oldest);
        WriteSlots(groups, batch, 1, kept);
        WriteSlots(groups, batch, 0, kept);
        foreach (var group in groups)
        {
            group.IsChangedSinceSlot = false;
        }
    }

    private void WriteSlots(IReadOnlyCollection<GroupLog> groups, ulong batch, int twin, ulong oldest)
    {
        var isAny = false;
        foreach (var group in groups)
        {
            if (group.IsChangedSinceSlot || !isAny)
            {
                WriteSlot(group, batch, twin, oldest);
                isAny = true;
            }
        }

        state.Sync();
    }

    private void WriteSlot(GroupLog group, ulong batch, int twin, ulong oldest)
    {
        if (group.SlotPair < 0)
        {
            group.SlotPair = state.NewPair();
        }

        group.SlotSequence++;
        group.SlotBatch = batch;
        state.Write(group.SlotPair, twin, new()
        {
            Group = group.Id,
            Sequence = group.SlotSequence,
            Batch = group.SlotBatch,
            OldestSegment = oldest,
            HardState = group.HardState,
            Offset = group.FirstIndex.Previous,
            OffsetTerm = group.OffsetTerm,
            IsHardStateUnknown = group.IsHardStateUnknown,
            IsTailUncertain = group.IsTailUncertain,
        });
    }
}
