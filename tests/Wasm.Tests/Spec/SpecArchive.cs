using System.Formats.Tar;
using System.IO.Compression;
using Wetware.Testing;

namespace Wetware.Wasm.Tests.Spec;

/// <summary>The core test suite, read from its archive once: a file's path to its bytes.</summary>
internal static class SpecArchive
{
    private const string Relative = "conformance/wasm/core-2.0.tar.gz";

    private static readonly Lazy<Dictionary<string, byte[]>> Content = new(Read);

    public static bool IsPresent => File.Exists(FullPath);

    public static IEnumerable<string> Names => Content.Value.Keys
        .Where(static path => path.EndsWith(".json", StringComparison.Ordinal))
        .Select(static path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal);

    private static string FullPath => Path.GetFullPath(Path.Combine(Conformance.Root, "..", "shared", Relative));

    public static byte[] Bytes(string folder, string name) => Content.Value[folder + "/" + name];

    private static Dictionary<string, byte[]> Read()
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var stream = new GZipStream(File.OpenRead(FullPath), CompressionMode.Decompress);
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                // An empty file has no stream.
                using var copy = new MemoryStream();
                entry.DataStream?.CopyTo(copy);
                var path = entry.Name.Split('/');
                files[path[^2] + "/" + path[^1]] = copy.ToArray();
            }
        }

        return files;
    }
}
