namespace Wetware.Fuzz.Mutants;

/// <summary>A bug planted in the source: one passage replaced by another, in a copy that is compiled in memory.</summary>
/// <param name="Name">By which it is asked for.</param>
/// <param name="File">From the root of the sources; the first folder is the project.</param>
/// <param name="Before">What stands there, exactly once.</param>
/// <param name="After">What is put in its place.</param>
/// <param name="Seed">From which seed on it is looked for.</param>
internal sealed record Mutant(string Name, string File, string Before, string After, ulong Seed = 1)
{
    public string Project => File[..File.IndexOf('/', StringComparison.Ordinal)];
}
