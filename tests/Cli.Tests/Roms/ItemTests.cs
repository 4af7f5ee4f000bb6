using System.Text.Json;
using Wetware.Cli.Tests.Crashes;
using Wetware.Cli.Tests.Programs;
using Wetware.Core;
using Wetware.Testing;

namespace Wetware.Cli.Tests.Roms;

/// <summary>A crawl whose items are made by a program, from the command line.</summary>
public sealed class ItemTests : IDisposable
{
    private const int Pages = 40;
    private readonly Folder _folder = new();
    private readonly WwNode _node;

    public ItemTests() => _node = new WwNode("node", _folder.FullPath);

    public void Dispose()
    {
        _node.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_program_makes_an_item_of_each_page_or_the_result_says_why_not()
    {
        await _node.StartAsync();
        await using var site = await TestSite.StartAsync(new Prng(Property.Seed()), Pages);
        string[] join = ["--join", _node.Address];
        (await Ww.RunAsync(["crawl", .. join, "--rom", Rom("extract"), site.Root])).Succeeded();
        var results = (await Ww.RunAsync(["results", .. join, "--json", "1"])).Succeeded().OutputLines;
        Assert.Equal(Pages, results.Count);
        foreach (var line in results)
        {
            using var result = JsonDocument.Parse(line);
            using var item = JsonDocument.Parse(result.RootElement.GetProperty("item").GetString()!);
            Assert.Equal(result.RootElement.GetProperty("url").GetString(), item.RootElement.GetProperty("url").GetString());
            Assert.Equal(result.RootElement.GetProperty("title").GetString(), item.RootElement.GetProperty("title").GetString());
            Assert.Equal(JsonValueKind.Null, result.RootElement.GetProperty("itemError").ValueKind);
        }

        // A program that is none of the kind fails on every page, and the crawl is done all the same.
        (await Ww.RunAsync(["crawl", .. join, "--rom", Rom("worker"), site.Root])).Succeeded();
        results = (await Ww.RunAsync(["results", .. join, "2"])).Succeeded().OutputLines;
        Assert.Equal(Pages, results.Count);
        Assert.All(results, line => Assert.EndsWith("[the program exited with 3]", line, StringComparison.Ordinal));

        var text = _folder.File("no.wasm");
        await File.WriteAllTextAsync(text, "no module", TestContext.Current.CancellationToken);
        (await Ww.RunAsync(["crawl", .. join, "--rom", text, site.Root])).Refused(1, "the module is refused: ");
        (await Ww.RunAsync(["crawl", .. join, "--rom", _folder.File("absent.wasm"), site.Root])).Refused(1, "there is no file ", "absent.wasm");
    }

    private static string Rom(string name) => Path.Combine(AppContext.BaseDirectory, name + ".wasm");
}
