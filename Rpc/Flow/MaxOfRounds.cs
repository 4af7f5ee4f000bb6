namespace Wetware.Rpc.Flow;

/// <summary>The largest sample of the last ten rounds.</summary>
internal sealed class MaxOfRounds
{
    private const int Rounds = 10;
    private readonly double[] _best = new double[Rounds];
    private long _round;

    public double Best { get; private set; }

    /// <summary>Adds a sample.</summary>
    /// <param name="round">Never less than in the call before.</param>
    /// <param name="sample">Not negative.</param>
    public void Add(long round, double sample)
    {
        if (round != _round)
        {
            var cleared = Math.Min(round - _round, Rounds);
            for (var i = 1; i <= cleared; i++)
            {
                _best[(_round + i) % Rounds] = 0;
            }

            _round = round;
            _best[round % Rounds] = sample;
            Best = 0;
            foreach (var best in _best)
            {
                Best = Math.Max(Best, best);
            }

            return;
        }

        ref var slot = ref _best[round % Rounds];
        slot = Math.Max(slot, sample);
        Best = Math.Max(Best, slot);
    }
}
