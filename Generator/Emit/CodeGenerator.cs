using Wetware.Generator.Model;
using Wetware.Generator.Naming;
using Wetware.Generator.Request;

namespace Wetware.Generator.Emit;

/// <summary>From a request to files: the same request and options always give the same text.</summary>
internal static class CodeGenerator
{
    /// <summary>Generates one file of C# for each requested schema.</summary>
    /// <param name="request">The framed CodeGeneratorRequest.</param>
    /// <param name="options">Namespaces and accessibility.</param>
    /// <exception cref="RequestException">The request cannot be used; the message says why.</exception>
    public static IReadOnlyList<GeneratedFile> Generate(ReadOnlyMemory<byte> request, Options options)
    {
        var schema = RequestReader.Read(request);
        var requested = schema.Files.Select(f => f.Id).ToHashSet();
        var symbols = new SymbolTable(schema, new NamespaceRule(options.Namespace, requested, options.NamespacesByFile));
        var files = new List<GeneratedFile>();
        foreach (var file in schema.Files)
        {
            var node = symbols.FindNode(file.Id) ?? throw new RequestException($"the request asks for {file.Path} but does not hold it");
            files.Add(new GeneratedFile(OutputPath(file.Path), new FileEmitter(symbols, node, options.Access).Emit()));
        }

        return files;
    }

    // A path may not climb out of the output folder.
    private static string OutputPath(string path)
    {
        var relative = path.TrimStart('/');
        if (relative.Split('/').Contains(".."))
        {
            relative = Path.GetFileName(relative);
        }

        return Path.ChangeExtension(relative, ".g.cs");
    }
}
