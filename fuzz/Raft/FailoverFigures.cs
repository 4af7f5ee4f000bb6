namespace Wetware.Fuzz.Raft;

/// <summary>How long each of many failovers took.</summary>
/// <param name="Sorted">In election timeouts, the shortest first; at least one.</param>
internal readonly record struct FailoverFigures(double[] Sorted)
{
    /// <summary>What the given share of them stays within.</summary>
    public double At(double share) => Sorted[(int)(share * (Sorted.Length - 1))];
}
