using System.Globalization;

namespace Wetware.Fuzz.Raft;

/// <summary>Looks for the seed of a simulated cluster that notices what is wrong with the code. For code that is wrong on purpose.</summary>
internal static class RaftHunt
{
    /// <summary>Runs seeds until one fails; says which, after how many events and why, or null if none does.</summary>
    public static string? Run(ulong seed, ulong count, long steps)
    {
        for (var i = 0UL; i < count; i++)
        {
            Simulation? simulation = null;
            try
            {
                simulation = new Simulation(seed + i);
                simulation.Run(steps);
                simulation.Heal();
            }
#pragma warning disable CA1031 // Whatever a planted bug breaks, it is found.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                return string.Create(CultureInfo.InvariantCulture, $"seed {seed + i}, {simulation?.Agenda.Events ?? 0} events: {failure.GetType().Name}: {failure.Message.Split('\n')[0]}");
            }
        }

        return null;
    }
}
