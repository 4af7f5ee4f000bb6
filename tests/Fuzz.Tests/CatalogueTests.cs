using System.Text.RegularExpressions;
using Wetware.Fuzz.Mutants;

namespace Wetware.Fuzz.Tests;

/// <summary>The planted bugs and the table of them.</summary>
public sealed partial class CatalogueTests
{
    [Fact]
    public void Every_planted_bug_still_finds_its_passage()
    {
        var root = Sources.Root();
        Assert.NotEmpty(Catalogue.All);
        foreach (var mutant in Catalogue.All)
        {
            Assert.NotEqual(File.ReadAllText(Path.Combine(root, mutant.File)), mutant.Apply(root));
        }
    }

    [Fact]
    public void The_table_lists_every_planted_bug_once_with_the_seed_that_finds_it()
    {
        var table = File.ReadAllText(Path.Combine(Sources.Root(), "docs", "mutants.md"));
        Assert.Equal(
            Catalogue.All.Select(mutant => $"{mutant.Name} {mutant.File} {mutant.World}"),
            Row().Matches(table).Select(row => $"{row.Groups["name"].Value} {row.Groups["file"].Value} {row.Groups["world"].Value}"));
    }

    [GeneratedRegex(@"^\| (?<name>[a-z-]+) \| (?<file>\S+\.cs) \| (?<world>\w+) \| \d+ \| [\d,]+ \| .+ \|$", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Row();
}
