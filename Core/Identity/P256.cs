using System.Security.Cryptography;

namespace Wetware.Core.Identity;

/// <summary>
/// The one form in which a P-256 public key is taken: a SubjectPublicKeyInfo of a named curve and an uncompressed point
/// (RFC 5480). Comparing its fixed head spares the platform's parser everything else that a stranger could put there.
/// </summary>
internal static class P256
{
    /// <summary>The object identifier of the curve.</summary>
    internal const string Oid = "1.2.840.10045.3.1.7";

    private const int CoordinateBytes = 32;

    private static ReadOnlySpan<byte> Head =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    /// <summary>The point of a SubjectPublicKeyInfo; false if it is not of this form. Whether it lies on the curve is checked on import.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> info, out ECParameters parameters)
    {
        parameters = default;
        if (info.Length != Head.Length + (2 * CoordinateBytes) || !info.StartsWith(Head))
        {
            return false;
        }

        parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = info.Slice(Head.Length, CoordinateBytes).ToArray(),
                Y = info[(Head.Length + CoordinateBytes)..].ToArray(),
            },
        };
        return true;
    }
}
