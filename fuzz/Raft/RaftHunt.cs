namespace Wetware.Fuzz.Raft;

/// <summary>Looks for the seed of a simulated cluster that notices what is wrong with the code. For code that is wrong on purpose.</summary>
internal static class RaftHunt
{
    /// <summary>Runs seeds of a kind of world until one fails; says which, after how many events and why, or null if none does.</summary>
    public static (ulong Seed, long Events, string Reason)? Run(int kind, ulong seed, ulong count, long steps)
    {
        for (var i = 0UL; i < count; i++)
        {
            Simulation? simulation = null;
            try
            {
                simulation = new Simulation(seed + i, kind: (World)kind);
                simulation.Run(steps);
                simulation.Heal();
            }
#pragma warning disable CA1031 // Whatever a planted bug breaks, it is found.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                return (seed + i, simulation?.Agenda.Events ?? 0, $"{failure.GetType().Name}: {failure.Message.Split('\n')[0]}");
            }
        }

        return null;
    }
}
