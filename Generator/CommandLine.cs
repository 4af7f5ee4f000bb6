using Wetware.Generator.Emit;

namespace Wetware.Generator;

/// <summary>Reads the command line. <c>capnp</c> itself gives its plugins no arguments, so that every option has a default.</summary>
internal static class CommandLine
{
    public const string Usage = """
        capnpc-csharp: writes C# for Cap'n Proto schemas.

          capnp compile -o./capnpc-csharp x.capnp             as a plugin; put the tool on the PATH for -ocsharp
          capnp compile -o- x.capnp | capnpc-csharp [option]  as a filter, with options
          capnpc-csharp compile [option] x.capnp ...          runs capnp itself
          capnpc-csharp manifest FILE [--root FOLDER] [--check] [x.capnp ...]
                                                              rewrites, or compares, all code that a manifest lists

          --output FOLDER             where to write x.g.cs                                  (default: the current folder)
          --namespace NAME            of files that set none by $CSharp.namespace            (default: the file's name)
          --namespace-of FILE=NAME    the same for one file, also an imported one, by the end of its path
          --access public|internal    of the types                                           (default: public)
          -I FOLDER                   for compile: where imports that begin with / are looked for
          --src-prefix FOLDER         for compile: cut off the names of the files that are written

        The environment variable CAPNPC_CSHARP_NAMESPACE is the same as --namespace, for use as a plugin.
        """;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="UsageException">They make no sense; the message says which.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments)
    {
        var byFile = new Dictionary<string, string>(StringComparer.Ordinal);
        var capnp = new List<string>();
        var files = new List<string>();
        var options = Options.Default with
        {
            Namespace = Environment.GetEnvironmentVariable("CAPNPC_CSHARP_NAMESPACE") is { Length: > 0 } name ? Namespace(name) : null,
            NamespacesByFile = byFile,
            CapnpArguments = capnp,
            Schemas = files,
        };
        var at = 0;
        if (arguments.Length > 0 && arguments[0] == "compile")
        {
            options = options with { RunCapnp = true };
            at = 1;
        }

        for (; at < arguments.Length; at++)
        {
            switch (arguments[at])
            {
                case "--output":
                    options = options with { Output = ValueOf(arguments, ref at) };
                    break;
                case "--namespace":
                    options = options with { Namespace = Namespace(ValueOf(arguments, ref at)) };
                    break;
                case "--namespace-of":
                    AddNamespace(byFile, ValueOf(arguments, ref at));
                    break;
                case "--access":
                    options = options with { Access = Access(ValueOf(arguments, ref at)) };
                    break;
                case "-I" when options.RunCapnp:
                    capnp.Add("-I" + ValueOf(arguments, ref at));
                    break;
                case "--src-prefix" when options.RunCapnp:
                    capnp.Add("--src-prefix=" + ValueOf(arguments, ref at));
                    break;
                case var file when options.RunCapnp && !file.StartsWith('-'):
                    files.Add(file);
                    break;
                default:
                    throw new UsageException($"'{arguments[at]}' is no option");
            }
        }

        return options.RunCapnp && files.Count == 0 ? throw new UsageException("compile needs a schema") : options;
    }

    private static string ValueOf(ReadOnlySpan<string> arguments, ref int at) =>
        ++at < arguments.Length ? arguments[at] : throw new UsageException($"{arguments[at - 1]} needs a value");

    private static void AddNamespace(Dictionary<string, string> byFile, string pair)
    {
        var split = pair.IndexOf('=', StringComparison.Ordinal);
        if (split <= 0)
        {
            throw new UsageException($"--namespace-of wants FILE=NAME, not '{pair}'");
        }

        byFile[pair[..split]] = Namespace(pair[(split + 1)..]);
    }

    private static string Namespace(string name) => Array.TrueForAll(name.Split('.'), Naming.Identifiers.IsIdentifier)
        ? name
        : throw new UsageException($"'{name}' is no C# namespace");

    private static string Access(string name) =>
        name is "public" or "internal" ? name : throw new UsageException($"--access wants public or internal, not '{name}'");
}
