using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>An entry that was acknowledged and cannot be read.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Term">Its term, if that is still known.</param>
/// <param name="Length">Bytes of its payload, if its term is known.</param>
public readonly record struct UnknownEntry(LogIndex Index, Term? Term, int Length);
