namespace Wetware.Fuzz.Linearizability;

/// <summary>What a check found.</summary>
/// <param name="Verdict">The verdict on the whole history.</param>
/// <param name="Part">The part that decided it, or "".</param>
/// <param name="Nodes">Configurations expanded in all parts.</param>
/// <param name="Order">
/// Where the verdict is not Linearizable: the order, as positions in the history, that satisfied the most returns of that part.
/// </param>
/// <param name="Stuck">The position of the operation whose return nothing satisfied then, or -1.</param>
internal sealed record CheckResult(Verdict Verdict, string Part, long Nodes, int[] Order, int Stuck);
