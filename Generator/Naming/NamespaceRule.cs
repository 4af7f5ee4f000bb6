using Wetware.Generator.Model;

namespace Wetware.Generator.Naming;

/// <summary>Says in which C# namespace a schema file's declarations stand.</summary>
/// <param name="Requested">The namespace asked for on the command line for the requested files; null leaves it to the files.</param>
/// <param name="RequestedFiles">The files it holds for.</param>
/// <param name="ByFile">Namespaces of single files, also imported ones, by the end of their paths.</param>
internal sealed record NamespaceRule(string? Requested, IReadOnlySet<ulong> RequestedFiles, IReadOnlyDictionary<string, string> ByFile)
{
    /// <summary>
    /// The file's annotation, then what the command line says of this file, then what it says of all, then the file's name.
    /// </summary>
    public string For(SchemaNode file)
    {
        foreach (var annotation in file.Annotations)
        {
            if (annotation.Id == WellKnownIds.CSharpNamespace && annotation.Value.Bytes is { } bytes)
            {
                return System.Text.Encoding.UTF8.GetString(bytes);
            }
        }

        foreach (var (path, name) in ByFile)
        {
            if (EndsWithPath(file.DisplayName, path))
            {
                return name;
            }
        }

        return Requested is not null && RequestedFiles.Contains(file.Id) ? Requested : Identifiers.NamespaceOf(file.DisplayName);
    }

    private static bool EndsWithPath(string path, string end) =>
        path.EndsWith(end, StringComparison.Ordinal) && (path.Length == end.Length || path[^(end.Length + 1)] == '/');
}
