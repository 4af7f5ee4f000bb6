namespace Wetware.Fuzz.Mutants;

/// <summary>Where the sources are that this program was built from.</summary>
internal static class Sources
{
    /// <exception cref="MutantException">They are gone.</exception>
    public static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Native.slnx")))
            {
                return folder;
            }
        }

        throw new MutantException("mutants are made from the sources, and there are none above " + AppContext.BaseDirectory);
    }
}
