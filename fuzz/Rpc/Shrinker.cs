namespace Wetware.Fuzz.Rpc;

/// <summary>Makes a failing schedule short: leaves out ever smaller runs of steps, as long as what is left still fails (delta debugging).</summary>
internal static class Shrinker
{
    /// <summary>The steps that are needed.</summary>
    /// <param name="count">How many steps the schedule has.</param>
    /// <param name="fails">Whether a schedule of only these steps fails.</param>
    /// <param name="triesMax">Schedules that are tried at most.</param>
    /// <returns>A schedule that fails; none shorter by one step does, unless the tries ran out.</returns>
    public static List<int> Shrink(int count, Predicate<IReadOnlyList<int>> fails, int triesMax)
    {
        var kept = Enumerable.Range(0, count).ToList();
        var tries = 0;
        for (var length = Math.Max(1, count / 2); length > 0 && tries < triesMax;)
        {
            var isShorter = false;
            for (var start = 0; start < kept.Count && tries < triesMax; tries++)
            {
                var candidate = kept.ToList();
                candidate.RemoveRange(start, Math.Min(length, kept.Count - start));
                if (fails(candidate))
                {
                    kept = candidate;
                    isShorter = true;
                }
                else
                {
                    start += length;
                }
            }

            if (!isShorter || length > 1)
            {
                length /= 2;
            }
        }

        return kept;
    }
}
