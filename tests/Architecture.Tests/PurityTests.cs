namespace Wetware.Architecture.Tests;

/// <summary>Pure code reads no clock, draws no randomness of its own, and touches no socket, file, lock, task or log.</summary>
public class PurityTests
{
    private static readonly string[] Banned =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Diagnostics.Stopwatch.", "System.Environment.get_TickCount", "System.TimeProvider.",
        "System.Random.", "System.Guid.NewGuid", "System.Security.Cryptography.RandomNumberGenerator.",
        "System.Net.Sockets.", "System.Net.Http.", "System.Net.Dns.",
        "System.IO.File.", "System.IO.FileStream.", "System.IO.Directory.", "System.IO.RandomAccess.", "System.IO.FileInfo.", "System.IO.DirectoryInfo.",
        "System.Threading.Monitor.", "System.Threading.Lock.", "System.Threading.SemaphoreSlim.", "System.Threading.Mutex.", "System.Threading.Thread.",
        "System.Threading.ThreadPool.", "System.Threading.Timer.", "System.Threading.Tasks.Task.", "System.Threading.Channels.",
        "Microsoft.Extensions.Logging.", "System.Console.",
    ];

    /// <summary>Each pure namespace of an assembly, and the namespaces inside it where its I/O lives.</summary>
    public static TheoryData<string, string, string[]> Pure() => new()
    {
        { "Wetware.Core", "Wetware.Core", [] },
        { "Wetware.Rpc", "Wetware.Rpc.Vat", [] },
        { "Wetware.Rpc", "Wetware.Rpc.Flow", [] },
        { "Wetware.Membership", "Wetware.Membership", ["Wetware.Membership.Boot.Sockets"] },
        { "Wetware.Raft", "Wetware.Raft", ["Wetware.Raft.Log.Files"] },
        { "Wetware.Queue", "Wetware.Queue", [] },
        { "Wetware.Crawler", "Wetware.Crawler", ["Wetware.Crawler.Fetch"] },
    };

    [Theory]
    [MemberData(nameof(Pure))]
    public void Pure_code_uses_nothing_of_the_outside(string assembly, string area, string[] edges)
    {
        using var scanner = new IlScanner(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        var offences = scanner.ExternalUses()
            .Where(use => use.User.StartsWith(area + ".", StringComparison.Ordinal))
            .Where(use => !edges.Any(edge => use.User.StartsWith(edge + ".", StringComparison.Ordinal)))
            .Where(use => Banned.Any(banned => use.Used.StartsWith(banned, StringComparison.Ordinal)))
            .Select(use => $"{use.User} uses {use.Used}")
            .Distinct();
        Assert.Empty(offences);
    }

    [Fact]
    public void The_scanner_sees_a_banned_call_where_there_is_one()
    {
        using var scanner = new IlScanner(typeof(PurityTests).Assembly.Location);
        Assert.Contains(scanner.ExternalUses(), use => use.Used.StartsWith("System.IO.Path.Combine", StringComparison.Ordinal));
    }
}
