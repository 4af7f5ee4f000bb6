using Wetware.Generator.Emit;
using Wetware.Generator.Request;

namespace Wetware.Generator;

/// <summary>
/// The list of schemas whose generated code is checked in: one line each, with output folder, namespace and perhaps <c>internal</c>, all
/// paths relative to the repository's root. An output folder <c>-</c> stands for a schema that is only imported.
/// </summary>
internal sealed class Manifest
{
    private readonly string _root;
    private readonly Dictionary<string, string> _namespaces = new(StringComparer.Ordinal);
    private readonly List<Entry> _entries = [];

    private Manifest(string root) => _root = root;

    /// <summary>The schemas that code is generated for.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="UsageException">A line makes no sense; the message says which.</exception>
    public static Manifest Load(string path, string root)
    {
        var manifest = new Manifest(Path.GetFullPath(root));
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var text = line.Split('#')[0];
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length > 0)
            {
                manifest.Add(words, $"{path}:{number}");
            }
        }

        return manifest;
    }

    /// <summary>Compiles one schema with <c>capnp</c> and generates its C#.</summary>
    /// <exception cref="RequestException">capnp is absent or found a fault.</exception>
    public GeneratedFile Generate(Entry entry)
    {
        var request = CapnpProcess.Compile(["--src-prefix=" + _root], [Path.Combine(_root, entry.Schema)]);
        var options = Options.Default with { NamespacesByFile = _namespaces, Access = entry.Access };
        var file = CodeGenerator.Generate(request, options)[0];
        return file with { Path = Path.Combine(entry.Folder, Path.GetFileName(file.Path)) };
    }

    private void Add(string[] words, string where)
    {
        if (words.Length is < 3 or > 4 || (words.Length == 4 && words[3] is not ("public" or "internal")))
        {
            throw new UsageException($"{where}: wants schema, output folder, namespace and perhaps 'internal'");
        }

        if (!File.Exists(Path.Combine(_root, words[0])))
        {
            throw new UsageException($"{where}: there is no {Path.Combine(_root, words[0])}");
        }

        if (!_namespaces.TryAdd(words[0], words[2]))
        {
            throw new UsageException($"{where}: {words[0]} is listed twice");
        }

        if (words[1] != "-")
        {
            _entries.Add(new Entry(words[0], words[1], words.Length == 4 ? words[3] : "public"));
        }
    }

    /// <summary>One schema to generate.</summary>
    /// <param name="Schema">Its path relative to the root.</param>
    /// <param name="Folder">Where its C# goes, relative to the root.</param>
    /// <param name="Access">The accessibility of its types.</param>
    internal sealed record Entry(string Schema, string Folder, string Access);
}
