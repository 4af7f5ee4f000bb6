namespace Wetware.Host.Tests.Processes;

/// <summary>Programs that tests run, built by Guests/build.sh.</summary>
internal static class Roms
{
    public static byte[] Worker { get; } = Load("worker");

    public static byte[] Rude { get; } = Load("rude");

    /// <summary>The sample.</summary>
    public static byte[] Family { get; } = Load("family");

    private static byte[] Load(string name)
    {
        using var stream = typeof(Roms).Assembly.GetManifestResourceStream(name + ".wasm")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
