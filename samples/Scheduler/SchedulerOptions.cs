using System.Globalization;

namespace Wetware.Samples.Scheduler;

/// <summary>How a scheduler is set up.</summary>
internal sealed record SchedulerOptions
{
    /// <summary>What the command line may say.</summary>
    public const string Usage = "usage: scheduler [--data FOLDER] [--listen MULTIADDR] [--join MULTIADDR]... [--urls URL] [--workers N]";

    /// <summary>Where the node keeps what must survive.</summary>
    public string DataFolder { get; init; } = "scheduler-data";

    /// <summary>Where the node listens for its peers.</summary>
    public string Listen { get; init; } = "/ip4/127.0.0.1/tcp/0";

    /// <summary>Nodes of the cluster to join; none founds one.</summary>
    public IReadOnlyList<string> Join { get; init; } = [];

    /// <summary>Where REST is served.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>Programs that this node runs at a time; 0 for none.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>After how long a run whose worker says nothing goes to another.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It cannot be read; the message is one line.</exception>
    public static SchedulerOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new SchedulerOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{arguments[i]} needs a value; {Usage}");
            options = arguments[i] switch
            {
                "--data" => options with { DataFolder = value },
                "--listen" => options with { Listen = value },
                "--join" => options with { Join = [.. options.Join, value] },
                "--urls" => options with { Urls = Http(value) },
                "--workers" => options with { Workers = Count(value) },
                var other => throw new FormatException($"there is no {other}; {Usage}"),
            };
        }

        return options;
    }

    private static string Http(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
            ? value
            : throw new FormatException($"--urls is a URL such as http://127.0.0.1:8080, not '{value}'");

    private static int Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= Limits.WorkersMax
            ? count
            : throw new FormatException($"--workers is a number from 0 to {Limits.WorkersMax}, not '{value}'");
}
