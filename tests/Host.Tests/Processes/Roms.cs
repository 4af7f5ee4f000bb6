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

    /// <summary>A program by the name of its file.</summary>
    public static byte[] Load(string name)
    {
        using var stream = typeof(Roms).Assembly.GetManifestResourceStream(name + ".wasm")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
