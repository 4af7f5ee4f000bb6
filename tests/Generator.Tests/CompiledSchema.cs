using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Wetware.Generator.Emit;

namespace Wetware.Generator.Tests;

/// <summary>Generated code, compiled and loaded: every diagnostic that the compiler would show is a failure.</summary>
internal static class CompiledSchema
{
    private static readonly Lazy<MetadataReference[]> References = new(FindReferences);

    /// <summary>Generates, compiles and loads a request's files.</summary>
    public static Assembly Load(byte[] request, string @namespace)
    {
        using var image = new MemoryStream();
        var compiled = Compile(Generate(request, @namespace)).Emit(image);
        var faults = compiled.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Take(10).ToArray();
        Assert.True(compiled.Success && faults.Length == 0, string.Join('\n', faults.Select(f => f.ToString())));
        return Assembly.Load(image.ToArray());
    }

    /// <summary>The C# of a request.</summary>
    public static IReadOnlyList<GeneratedFile> Generate(byte[] request, string @namespace) =>
        CodeGenerator.Generate(request, Options.Default with { Namespace = @namespace });

    private static CSharpCompilation Compile(IEnumerable<GeneratedFile> files)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose);
        var trees = files.Select(f => CSharpSyntaxTree.ParseText(f.Text, parse, f.Path));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999);
        return CSharpCompilation.Create("Generated" + Guid.NewGuid().ToString("N"), trees, References.Value, options);
    }

    private static MetadataReference[] FindReferences() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Wetware.", StringComparison.Ordinal)
                    || name is "netstandard.dll" or "mscorlib.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
