using Wetware.Generator.Request;

namespace Wetware.Generator;

/// <summary>The command <c>manifest</c>: brings checked-in generated code up to date, or says what is not.</summary>
internal static class ManifestCommand
{
    /// <summary>Runs the command.</summary>
    /// <returns>The exit code: 1 if --check found a difference or a schema has a fault.</returns>
    /// <exception cref="UsageException">The arguments or the manifest make no sense.</exception>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        string? path = null, root = null;
        var check = false;
        var wanted = new List<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--check")
            {
                check = true;
            }
            else if (arguments[i] == "--root" && i + 1 < arguments.Length)
            {
                root = arguments[++i];
            }
            else if (path is null)
            {
                path = arguments[i];
            }
            else
            {
                wanted.Add(arguments[i]);
            }
        }

        var manifest = Manifest.Load(path ?? throw new UsageException("manifest wants the manifest's path"), root ?? ".");
        foreach (var name in wanted)
        {
            if (!manifest.Entries.Any(e => IsNamed(e, name)))
            {
                throw new UsageException($"{name} has no line with an output folder in {path}; add one: schema, output folder, namespace");
            }
        }

        var failed = 0;
        foreach (var entry in manifest.Entries)
        {
            if (wanted.Count == 0 || wanted.Exists(name => IsNamed(entry, name)))
            {
                failed |= Update(manifest, entry, root ?? ".", check);
            }
        }

        return failed;
    }

    // By file name, so that it does not matter from which folder the command is run.
    private static bool IsNamed(Manifest.Entry entry, string name) => Path.GetFileName(entry.Schema) == Path.GetFileName(name);

    // One schema with a fault does not keep the others from being generated.
    private static int Update(Manifest manifest, Manifest.Entry entry, string root, bool check)
    {
        try
        {
            var file = manifest.Generate(entry);
            var path = Path.Combine(root, file.Path);
            if (File.Exists(path) && File.ReadAllText(path) == file.Text)
            {
                return 0;
            }

            Console.WriteLine($"{(check ? "differs" : "written")}: {file.Path}");
            if (check)
            {
                return 1;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Text);
            return 0;
        }
        catch (RequestException fault)
        {
            Console.Error.WriteLine($"capnpc-csharp : error CAPNP0001: {entry.Schema}: {fault.Message}");
            return 1;
        }
    }
}
