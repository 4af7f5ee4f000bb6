namespace Wetware.Core.Multiformats;

/// <summary>
/// A digest that says how it was made: varint code, varint length, digest (https://github.com/multiformats/multihash).
/// Only the two kinds that peer ids use are known here.
/// </summary>
public static class Multihash
{
    /// <summary>The code of "no hash": the digest is the value itself.</summary>
    public const byte Identity = 0x00;

    /// <summary>The code of SHA-256.</summary>
    public const byte Sha256 = 0x12;

    /// <summary>The length of a SHA-256 digest in bytes.</summary>
    public const int Sha256Bytes = 32;

    /// <summary>Splits <paramref name="source"/>; false unless it is exactly one multihash of a known kind.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out byte code, out ReadOnlySpan<byte> digest)
    {
        code = 0;
        digest = default;
        if (!Varint.TryRead(ref source, out var kind)
            || kind is not (Identity or Sha256)
            || !Varint.TryReadPrefixed(ref source, out digest)
            || source.Length != 0)
        {
            return false;
        }

        code = (byte)kind;
        return kind == Sha256 ? digest.Length == Sha256Bytes : digest.Length > 0;
    }
}
