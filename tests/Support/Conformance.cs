namespace Wetware.Testing;

/// <summary>Finds test data that other projects publish, beside this repository; a test that needs it is skipped, visibly, where it is absent.</summary>
internal static class Conformance
{
    /// <summary>The repository's root: the folder that holds Native.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder below <c>../shared</c>, or a skip of the running test.</summary>
    public static string Shared(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, "..", "shared", relative));
        Assert.SkipUnless(Path.Exists(path), $"../shared/{relative} is absent");
        return path;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Native.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Native.slnx was not found above " + AppContext.BaseDirectory);
    }
}
