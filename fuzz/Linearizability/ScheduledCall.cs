namespace Wetware.Fuzz.Linearizability;

/// <summary>An operation as the search sees it.</summary>
/// <param name="Position">Its position in the history.</param>
/// <param name="Call">Its interned call.</param>
/// <param name="IsRead">Whether the call changes nothing.</param>
/// <param name="Slot">Its bit while it is under way.</param>
internal readonly record struct ScheduledCall(int Position, int Call, bool IsRead, int Slot);
