namespace Wetware.Fuzz.Linearizability;

/// <summary>An operation with the place in the log that the system says it has.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Index">
/// The index of its log entry; for a read, the index that the replica had applied when it answered. An operation without a
/// known answer is listed exactly if its entry is in the log at the end.
/// </param>
internal readonly record struct Certified<TCall>(Operation<TCall> Operation, ulong Index);
