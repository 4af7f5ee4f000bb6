using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Wetware.Bench.Rpc;

/// <summary>
/// The loads of the comparison against the same in C++, in turns, so that both see the same machine: medians of the rounds as
/// one table. Client and server are processes of their own, pinned to the same core.
/// </summary>
internal static class Compare
{
    private static readonly Row[] s_rows =
    [
        new("ping, one at a time", "tcp", ["ping", "100000"], ["ping", "50000"], "rate", "55k/s"),
        new("the same over a Unix socket", "unix", ["ping", "150000"], ["ping", "60000"], "rate", "65k/s"),
        new("64 outstanding", "tcp", ["conc", "64", "1500000"], ["conc", "64", "80000"], "rate", "450k/s"),
        new("1024 outstanding", "tcp", ["conc", "1024", "1500000"], ["conc", "1024", "80000"], "rate", "450k/s"),
        new("3-deep pipelined chain", "tcp", ["chain", "80000"], ["chain", "15000"], "p50", "27 us"),
        new("stream of 64 KiB", "tcp", ["stream", "65536", "6000000000"], ["stream", "65536", "2000000000"], "MB/s", "3,000 MB/s"),
        new("stream of 1 KiB", "tcp", ["stream", "1024", "1000000000"], ["stream", "1024", "80000000"], "MB/s", "300 MB/s"),
    ];

    /// <summary>Runs all rounds and prints the table.</summary>
    public static async Task<int> RunAsync(int rounds)
    {
        var cpp = await Peer.BuildCppAsync();
        var ours = Peer.Ours;
        Console.WriteLine("| load | C++ | ours | ours / C++ | goal |\n| --- | --- | --- | --- | --- |");
        foreach (var row in s_rows)
        {
            var theirFigures = new List<Figures>();
            var ourFigures = new List<Figures>();
            for (var round = 0; round < rounds; round++)
            {
                if (cpp is not null)
                {
                    theirFigures.Add(Parse(await OnceAsync(cpp, row.Transport, row.CppLoad)));
                }

                ourFigures.Add(Parse(await OnceAsync(ours, row.Transport, row.Load)));
            }

            Console.WriteLine($"| {row.Name} | {Cell(row, theirFigures)} | {Cell(row, ourFigures)} | {Ratio(row, theirFigures, ourFigures)} | {row.Goal} |");
        }

        return 0;
    }

    private static async Task<string> OnceAsync(Peer peer, string transport, string[] load)
    {
        if (transport == "tcp")
        {
            return await peer.RunAsync($"127.0.0.1:{FreePort()}", load);
        }

        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            return await peer.RunAsync("unix:" + path, load);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    // rate=62123 p50=14.9 p99=19.7, or MB/s=2708.4
    private static Figures Parse(string line)
    {
        var figures = new Dictionary<string, double>();
        foreach (var part in line.Split(' '))
        {
            var (name, value) = (part[..part.IndexOf('=', StringComparison.Ordinal)], part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            figures[name] = double.Parse(value, CultureInfo.InvariantCulture);
        }

        return new Figures(figures);
    }

    private static string Cell(Row row, List<Figures> rounds)
    {
        if (rounds.Count == 0)
        {
            return "-";
        }

        var culture = CultureInfo.InvariantCulture;
        return row.Figure switch
        {
            "MB/s" => string.Format(culture, "{0:N0} MB/s", Median(rounds, "MB/s")),
            "p50" => string.Format(culture, "p50 {0:F1} us", Median(rounds, "p50")),
            _ when rounds[0].ByName.ContainsKey("p50") => string.Format(culture, "{0:F1}k/s, p50 {1:F1} us", Median(rounds, "rate") / 1000, Median(rounds, "p50")),
            _ => string.Format(culture, "{0:F0}k/s", Median(rounds, "rate") / 1000),
        };
    }

    private static string Ratio(Row row, List<Figures> theirs, List<Figures> ours)
    {
        if (theirs.Count == 0)
        {
            return "-";
        }

        var ratio = Median(ours, row.Figure) / Median(theirs, row.Figure);
        return string.Format(CultureInfo.InvariantCulture, row.Figure == "p50" ? "{0:F2} (time)" : "{0:F2}", ratio);
    }

    private static double Median(List<Figures> rounds, string name)
    {
        var sorted = rounds.ConvertAll(round => round.ByName[name]);
        sorted.Sort();
        return sorted[sorted.Count / 2];
    }

    private sealed record Figures(Dictionary<string, double> ByName);

    private sealed record Row(string Name, string Transport, string[] Load, string[] CppLoad, string Figure, string Goal);
}
