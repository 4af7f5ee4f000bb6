using Wetware.Fuzz.Raft;

namespace Wetware.Fuzz.Mutants;

/// <summary>A bug planted in the source: one passage replaced by another, in a copy that is compiled in memory.</summary>
/// <param name="Name">By which it is asked for.</param>
/// <param name="File">From the root of the sources; the first folder is the project.</param>
/// <param name="Before">What stands there, exactly once.</param>
/// <param name="After">What is put in its place.</param>
/// <param name="World">In what kind of world it is looked for.</param>
internal sealed record Mutant(string Name, string File, string Before, string After, World World = World.Any)
{
    public string Project => File[..File.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The changed text of the file.</summary>
    /// <exception cref="MutantException">The passage does not stand there exactly once.</exception>
    public string Apply(string root)
    {
        var text = System.IO.File.ReadAllText(Path.Combine(root, File));
        var at = text.IndexOf(Before, StringComparison.Ordinal);
        return at >= 0 && text.IndexOf(Before, at + 1, StringComparison.Ordinal) < 0
            ? text.Replace(Before, After, StringComparison.Ordinal)
            : throw new MutantException($"{Name}: {File} does not hold exactly once: {Before}");
    }
}
