using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>Where an entry lies.</summary>
/// <param name="Term">Its term.</param>
/// <param name="Segment">The low half of its segment's number; segments differ by less than that.</param>
/// <param name="Offset">Where its record starts in the segment.</param>
/// <param name="Length">Bytes of its payload.</param>
/// <param name="Type">Its type.</param>
/// <param name="State">Whether it can be read.</param>
internal readonly record struct EntryPosition(Term Term, uint Segment, int Offset, int Length, EntryType Type, EntryState State);
