namespace Wetware.Generator.Naming;

/// <summary>The names taken in one C# scope. Who asks first gets the plain name; later ones get underscores at the end.</summary>
internal sealed class NameSet(IEnumerable<string> reserved)
{
    private readonly HashSet<string> _taken = new(reserved, StringComparer.Ordinal);

    /// <summary>Takes the name, or the first free one made of it.</summary>
    public string Take(string name)
    {
        while (!_taken.Add(name))
        {
            name += "_";
        }

        return name;
    }

    public bool IsFree(string name) => !_taken.Contains(name);
}
