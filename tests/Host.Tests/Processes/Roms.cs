namespace Wetware.Host.Tests.Processes;

/// <summary>Programs that tests run, built by Guests/build.sh.</summary>
internal static class Roms
{
    public static byte[] Worker { get; } = Load("worker");

    public static byte[] Rude { get; } = Load("rude");

    /// <summary>The sample.</summary>
    public static byte[] Family { get; } = Load("family");

    /// <summary>The sample that starts another on another node.</summary>
    public static byte[] Hello { get; } = Load("hello");

    /// <summary>Misbehaves as an item processor.</summary>
    public static byte[] Item { get; } = Load("item");

    /// <summary>The sample of an item processor.</summary>
    public static byte[] Extract { get; } = Load("extract");

    /// <summary>The sample in Rust.</summary>
    public static byte[] Shout { get; } = Load("shout");

    /// <summary>The sample that is called back.</summary>
    public static byte[] Listen { get; } = Load("listen");

    /// <summary>Starts itself on one node after the other.</summary>
    public static byte[] Tree { get; } = Load("tree");

    /// <summary>The same program with a section at its end that says nothing, so large that the whole has as many bytes.</summary>
    public static byte[] Padded(byte[] rom, int bytes)
    {
        // The section's id, its length in five bytes of LEB128, and the empty name that it begins with.
        const int Header = 6;
        var padded = new byte[bytes];
        rom.CopyTo(padded, 0);
        var length = bytes - rom.Length - Header;
        for (var i = 1; i < Header; i++)
        {
            padded[rom.Length + i] = (byte)((length & 0x7f) | (i < Header - 1 ? 0x80 : 0));
            length >>= 7;
        }

        return padded;
    }

    /// <summary>A program by the name of its file.</summary>
    public static byte[] Load(string name)
    {
        using var stream = typeof(Roms).Assembly.GetManifestResourceStream(name + ".wasm")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
