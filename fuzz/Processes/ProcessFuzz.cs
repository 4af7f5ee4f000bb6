using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Wetware.Core;
using Wetware.Tooling;

namespace Wetware.Fuzz.Processes;

/// <summary>
/// Three nodes as processes of this machine, killed and stopped in a loop while clients write. In the end whatever was acknowledged must be there,
/// once, and in the order in which each client wrote it, and all nodes must have come to the same state.
/// </summary>
internal static class ProcessFuzz
{
    private const int Nodes = 3;
    private const int Writers = 4;

    public static Command Command()
    {
        var (seed, minutes) = (new SeedOption(), new MinutesOption(1));
        var command = new Command("processes", "Three nodes as processes, killed and stopped while clients write.") { seed, minutes, NodeProcess.Command() };
        command.SetAction(parsed => Run(seed.Of(parsed), parsed.GetValue(minutes)));
        return command;
    }

    private static int Run(ulong seed, double minutes)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {minutes} minutes"));
        try
        {
            RunAsync(seed, TimeSpan.FromMinutes(minutes)).GetAwaiter().GetResult();
            return 0;
        }
        catch (ProcessFailure failure)
        {
            Console.WriteLine($"FAILED: {failure.Message}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"the same faults, though not the same moments: dotnet run -c Release --project fuzz -- processes --seed {seed} --minutes {minutes}"));
            return 1;
        }
    }

    private static async Task RunAsync(ulong seed, TimeSpan time)
    {
        var folder = Directory.CreateTempSubdirectory("ww-fuzz-processes-").FullName;
        var ports = Enumerable.Range(0, Nodes).Select(_ => Ports.Take()).ToArray();
        var victims = ports.Select((port, i) => new Victim(Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture)), port, i == 0 ? null : ports[0])).ToArray();
        try
        {
            Array.ForEach(victims, victim => victim.Start());
            var addresses = Array.ConvertAll(victims, victim => victim.Address);
            await Readings.UntilVotersAsync(addresses, Nodes).ConfigureAwait(false);
            var clock = Stopwatch.StartNew();
            using var end = new CancellationTokenSource();
            var writers = Enumerable.Range(0, Writers).Select(i => new Writer(i, addresses, seed + (ulong)i)).ToArray();
            var writing = Array.ConvertAll(writers, writer => Task.Run(() => writer.RunAsync(end.Token), CancellationToken.None));
            var cruelty = new Cruelty(victims, seed);
            await cruelty.RunAsync(time).ConfigureAwait(false);
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(writing).ConfigureAwait(false);
            _ = await Readings.UntilAgreedAsync(addresses).ConfigureAwait(false);
            var read = await Readings.ReadAllAsync(addresses[0]).ConfigureAwait(false);
            Array.ForEach(writers, writer => writer.Check(read));
            if (read.Count > writers.Sum(writer => writer.Written))
            {
                throw new ProcessFailure("there are messages that nobody wrote");
            }

            var applied = await Readings.UntilAgreedAsync(addresses).ConfigureAwait(false);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"ok: {cruelty} in {clock.Elapsed.TotalSeconds:0} s; {writers.Sum(writer => writer.Acked)} writes acknowledged and found, {writers.Sum(writer => writer.Written - writer.Acked)} of unknown outcome; all nodes agree at {applied}"));
        }
        finally
        {
            Array.ForEach(victims, victim => victim.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }
}
