using System.CommandLine;
using Wetware.Tooling;

namespace Wetware.Fuzz.Tests;

/// <summary>The command line of <c>fuzz</c> and <c>bench</c>: what it does not understand it says in one line, and runs nothing.</summary>
public sealed class AreasTests
{
    private const int UsageExitCode = 2;

    [Theory]
    [InlineData("area --unknown", "'--unknown'")]
    [InlineData("area --unknown 3", "'--unknown'")]
    [InlineData("area inner --unknown", "'--unknown'")]
    [InlineData("elsewhere", "'elsewhere'")]
    [InlineData("area --count many", "many")]
    [InlineData("area --count 0", "--count 0 is less than 1")]
    [InlineData("area --minutes never", "never")]
    [InlineData("area --minutes -1", "--minutes -1 is no time")]
    [InlineData("area --seed -1", "-1")]
    [InlineData("area --kind third", "'first' 'second'")]
    public void What_makes_no_sense_is_said_in_one_line_and_nothing_runs(string line, string said)
    {
        var (code, error, runs) = Run(line);

        Assert.Equal(UsageExitCode, code);
        Assert.Equal(0, runs);
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains(said, lines[0], StringComparison.Ordinal);
        Assert.StartsWith("try: ", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("area")]
    [InlineData("area --count 1 --minutes 0.2 --seed 18446744073709551615 --kind second")]
    [InlineData("area inner")]
    public void What_makes_sense_runs(string line)
    {
        var (code, error, runs) = Run(line);

        Assert.Equal(0, code);
        Assert.Equal("", error);
        Assert.Equal(1, runs);
    }

    private static (int Code, string Error, int Runs) Run(string line)
    {
        var runs = 0;
        var kind = new Option<string>("--kind").AcceptOnlyFromAmong("first", "second");
        var inner = new Command("inner");
        inner.SetAction(_ => { runs++; });
        var command = new Command("area") { new CountOption("--count", 1, "", min: 1), new MinutesOption(1), new SeedOption(), kind, inner };
        command.SetAction(_ => { runs++; });
        var (before, error) = (Console.Error, new StringWriter());
        Console.SetError(error);
        try
        {
            return (Areas.Run("", [new Area(command)], line.Split(' ')), error.ToString(), runs);
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
