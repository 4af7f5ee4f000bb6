using System.Diagnostics;
using System.Globalization;
using Wetware.Core;

namespace Wetware.Fuzz.Processes;

/// <summary>Kills and stops nodes for a while, one thing after the other as a seed has it, and leaves all of them running.</summary>
internal sealed class Cruelty(Victim[] victims, ulong seed)
{
    private const int PauseMillisecondsMax = 3_000;
    private const int AwayMillisecondsMax = 4_000;

    private Prng _random = new(seed);
    private int _kills;
    private int _stops;

    public async Task RunAsync(TimeSpan time)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
        {
            await Task.Delay((int)_random.Below(PauseMillisecondsMax)).ConfigureAwait(false);
            switch (_random.Below(10))
            {
                case < 4:
                    await KillAsync(1).ConfigureAwait(false);
                    break;
                case 4:
                    await KillAsync(2).ConfigureAwait(false);
                    break;
                case 5:
                    await KillAsync(victims.Length).ConfigureAwait(false);
                    break;
                case 6:
                    await StopAsync(2, endsInDeath: false).ConfigureAwait(false);
                    break;
                case 7:
                    await StopAsync(1, endsInDeath: true).ConfigureAwait(false);
                    break;
                default:
                    await StopAsync(1, endsInDeath: false).ConfigureAwait(false);
                    break;
            }
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_kills} kills and {_stops} stops");

    private async Task KillAsync(int count)
    {
        var chosen = Choose(count);
        _kills += count;
        Array.ForEach(chosen, victim => victim.Kill());
        await AwayAsync().ConfigureAwait(false);
        Array.ForEach(chosen, victim => victim.Start());
    }

    private async Task StopAsync(int count, bool endsInDeath)
    {
        var chosen = Choose(count);
        _stops += count;
        Array.ForEach(chosen, victim => victim.Stop());
        await AwayAsync().ConfigureAwait(false);
        if (endsInDeath)
        {
            _kills += count;
            Array.ForEach(chosen, victim => victim.Kill());
            Array.ForEach(chosen, victim => victim.Start());
        }
        else
        {
            Array.ForEach(chosen, victim => victim.Continue());
        }
    }

    private Task AwayAsync() => Task.Delay((int)_random.Below(AwayMillisecondsMax));

    private Victim[] Choose(int count)
    {
        var first = (int)_random.Below((ulong)victims.Length);
        return [.. Enumerable.Range(first, count).Select(i => victims[i % victims.Length])];
    }
}
