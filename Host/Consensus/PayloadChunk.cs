namespace Wetware.Host.Consensus;

/// <summary>Payloads cut from larger arrays, so that a small command costs no array of its own. The log lets go of entries in order, and so of whole chunks.</summary>
internal static class PayloadChunk
{
    private const int Bytes = 32 << 10;

    // Larger ones would waste what is left of a chunk, or keep it for long.
    private const int SmallMax = 1 << 10;

    [ThreadStatic]
    private static Memory<byte> t_rest;

    public static Memory<byte> Take(int bytes)
    {
        if (bytes > SmallMax)
        {
            return new byte[bytes];
        }

        if (t_rest.Length < bytes)
        {
            t_rest = new byte[Bytes];
        }

        var taken = t_rest[..bytes];
        t_rest = t_rest[bytes..];
        return taken;
    }
}
