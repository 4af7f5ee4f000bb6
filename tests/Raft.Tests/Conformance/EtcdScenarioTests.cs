using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Shared = Wetware.Testing.Conformance;

namespace Wetware.Raft.Tests.Conformance;

/// <summary>
/// Replays the scenario files of etcd/raft and a corpus that etcd/raft 3.6.0 labelled: every structural line must match.
/// The files are not part of this repository; where they are absent, the tests are skipped.
/// </summary>
public sealed partial class EtcdScenarioTests
{
    private const string Root = "conformance/raft/";

    [Fact]
    public void InteractionFiles() => Replay(Files("interaction"), () => new Interaction().Run);

    [Fact]
    public void GeneratedFiles()
    {
        var path = Shared.Shared(Root + "generated.tar.gz");
        using var unzipped = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var archive = new TarReader(unzipped);
        var files = new List<(string, string[])>();
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not null && entry.Name.EndsWith(".txt", StringComparison.Ordinal))
            {
                using var reader = new StreamReader(entry.DataStream, Encoding.UTF8);
                files.Add((Path.GetFileName(entry.Name), reader.ReadToEnd().Split('\n')));
            }
        }

        Assert.Equal(500, files.Count);
        Replay(files, () => new Interaction().Run);
    }

    [Fact]
    public void ConfChangeFilesOfEtcd() => Replay(Files("confchange"), () => new ConfChangeFiles().Run);

    [Fact]
    public void QuorumFilesOfEtcd() => Replay(Files("quorum"), () => QuorumFiles.Run, isLastLineOnly: true);

    private static IEnumerable<(string Name, string[] Lines)> Files(string folder)
    {
        var files = Directory.GetFiles(Shared.Shared(Root + folder), "*.txt");
        Assert.NotEmpty(files);
        return files.Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllLines(path)));
    }

    private static void Replay(IEnumerable<(string Name, string[] Lines)> files, Func<Func<Directive, string>> environment, bool isLastLineOnly = false)
    {
        var (failures, total, cases) = (new List<string>(), 0, 0);
        foreach (var (name, lines) in files)
        {
            total++;
            var run = environment();
            foreach (var directive in DatadrivenFile.Parse(lines))
            {
                cases++;
                if (Mismatch(directive, run, isLastLineOnly) is { } mismatch)
                {
                    failures.Add($"{name}:{directive.Line}: {directive.Command}\n{mismatch}");
                    break;
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{total - failures.Count} of {total} files match, {cases} cases");
        Assert.True(failures.Count == 0, $"{failures.Count} of {total} files differ\n" + string.Join("\n", failures.Take(5)));
    }

    private static string? Mismatch(Directive directive, Func<Directive, string> run, bool isLastLineOnly)
    {
        string actual;
        try
        {
            actual = run(directive);
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.IAssertionException)
        {
            return failure.ToString();
        }

        var (wanted, given) = (Structure(directive.Expected), Structure(actual.Split('\n')));
        if (isLastLineOnly)
        {
            (wanted, given) = ([wanted[^1]], [given[^1]]);
        }

        return wanted.SequenceEqual(given) ? null : Difference(wanted, given);
    }

    /// <summary>The first lines that differ, and a few around them.</summary>
    private static string Difference(List<string> wanted, List<string> given)
    {
        var same = wanted.Zip(given).TakeWhile(pair => pair.First == pair.Second).Count();
        string Around(List<string> lines) => string.Join('\n', lines.Skip(Math.Max(0, same - 6)).Take(12));
        return $"from line {same + 1} of the output, expected:\n{Around(wanted)}\nactual:\n{Around(given)}";
    }

    private static List<string> Structure(IEnumerable<string> lines)
    {
        var kept = lines.Where(line => line.Length > 0 && !Prose().IsMatch(line)).ToList();
        return kept.Count == 0 ? ["ok"] : kept;
    }

    [GeneratedRegex(@"^\s*(DEBUG|INFO|WARN|ERROR|FATAL) ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Prose();
}
