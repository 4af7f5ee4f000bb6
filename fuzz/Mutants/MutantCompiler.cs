using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Wetware.Fuzz.Mutants;

/// <summary>Compiles a project with one passage changed, in memory. Nothing of it reaches the sources or what is built from them.</summary>
internal static class MutantCompiler
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Preview, DocumentationMode.None);
    private static readonly Dictionary<string, SyntaxTree> s_trees = [];

    /// <exception cref="MutantException">The passage is not there, or does not compile any more.</exception>
    public static byte[] Compile(Mutant mutant)
    {
        var root = Sources.Root();
        var folder = Path.Combine(root, mutant.Project);
        var assembly = "Wetware." + mutant.Project;
        var target = Path.Combine(root, mutant.File);
        var trees = FilesOf(folder).Select(path => path == target ? Parse(path, mutant.Apply(root)) : Tree(path));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != assembly)
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        Compilation compilation = CSharpCompilation.Create(assembly, trees, references, options);
        CSharpGeneratorDriver.Create(Generators(), parseOptions: s_parse).RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        return result.Success
            ? image.ToArray()
            : throw new MutantException($"{mutant.Name} does not compile: {result.Diagnostics.First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)}");
    }

    /// <summary>The project's files, and what the build has made for it: global usings and attributes.</summary>
    private static IEnumerable<string> FilesOf(string folder)
    {
        var build = Path.Combine(folder, "obj", "Release", new DirectoryInfo(AppContext.BaseDirectory).Name);
        var made = Directory.Exists(build) ? Directory.EnumerateFiles(build, "*.cs") : throw new MutantException($"build {folder} in the Release configuration first");
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "bin"))
            .Where(path => !IsOtherProject(folder, path))
            .Concat(made);
    }

    private static bool IsOtherProject(string folder, string path)
    {
        for (var at = Path.GetDirectoryName(path)!; at != folder; at = Path.GetDirectoryName(at)!)
        {
            if (Directory.EnumerateFiles(at, "*.csproj").Any())
            {
                return true;
            }
        }

        return false;
    }

    private static SyntaxTree Tree(string path)
    {
        if (!s_trees.TryGetValue(path, out var tree))
        {
            s_trees.Add(path, tree = Parse(path, File.ReadAllText(path)));
        }

        return tree;
    }

    private static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, s_parse, path, System.Text.Encoding.UTF8);

    /// <summary>The generators that the SDK brings along: logging, interop.</summary>
    private static IEnumerable<ISourceGenerator> Generators()
    {
        var packs = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "packs"));
        var files = Directory.Exists(packs) ? Directory.EnumerateFiles(packs, "*Generator*.dll", SearchOption.AllDirectories) : [];
        return files
            .Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == "cs" && Version.TryParse(VersionOf(path), out var version) && version.Major == Environment.Version.Major)
            .SelectMany(path => new AnalyzerFileReference(path, Loader.Instance).GetGenerators(LanguageNames.CSharp));
    }

    // packs/NAME/VERSION/analyzers/dotnet/cs/FILE
    private static string VersionOf(string path) => Directory.GetParent(path)!.Parent!.Parent!.Parent!.Name;

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public static readonly Loader Instance = new();

        public void AddDependencyLocation(string fullPath)
        {
            // What they depend on lies beside them, or is Roslyn itself.
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
