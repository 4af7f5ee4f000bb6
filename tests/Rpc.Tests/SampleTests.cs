using Wetware.Testing;

namespace Wetware.Rpc.Tests;

/// <summary>The samples as their users run them: a server and a client, each a process.</summary>
public sealed class SampleTests
{
    [Theory]
    [InlineData("Echo", "say {0} hello there", "hello there")]
    [InlineData("Calculator", "power {0} 5 3", "125")]
    public async Task A_sample_prints_what_it_should(string sample, string call, string expected)
    {
        var program = Path.Combine(AppContext.BaseDirectory, sample.ToLowerInvariant() + ".dll");
        using var server = Programs.Start("dotnet", [program, "serve", "127.0.0.1:0"]);
        try
        {
            var ready = (await server.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)))!;
            Assert.StartsWith("listening on ", ready, StringComparison.Ordinal);
            var arguments = string.Format(System.Globalization.CultureInfo.InvariantCulture, call, ready["listening on ".Length..]);
            Assert.Equal(expected, (await Programs.RunAsync("dotnet", [program, .. arguments.Split(' ')])).Trim());
        }
        finally
        {
            server.Kill();
        }
    }

    [Theory]
    [InlineData("Echo")]
    [InlineData("Calculator")]
    public void A_sample_stays_small(string sample)
    {
        var folder = Path.Combine(Conformance.Root, "samples", sample);
        var lines = Directory.GetFiles(folder, "*.cs")
            .Where(file => !file.EndsWith(".g.cs", StringComparison.Ordinal))
            .Sum(file => File.ReadLines(file).Count());
        Assert.InRange(lines, 1, 59);
    }
}
