namespace Wetware.Core.Identity;

/// <summary>The bounds of what proves an identity.</summary>
public static class IdentityLimits
{
    /// <summary>The longest signed envelope, in bytes: a message of 32 KiB, its topic, a key and a signature. A longer one is no envelope.</summary>
    public const int EnvelopeBytesMax = 40 * 1024;

    /// <summary>The longest certificate of a peer, in bytes: an ECDSA one has about 500, one that carries an RSA key about 1,600. A longer one is refused.</summary>
    public const int CertificateBytesMax = 4 * 1024;
}
