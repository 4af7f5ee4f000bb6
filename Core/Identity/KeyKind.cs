namespace Wetware.Core.Identity;

/// <summary>The kinds of key that libp2p numbers (specs/peer-ids, KeyType). This project owns and checks ECDSA keys only.</summary>
public enum KeyKind
{
    /// <summary>RSA.</summary>
    Rsa = 0,

    /// <summary>Ed25519.</summary>
    Ed25519 = 1,

    /// <summary>ECDSA on secp256k1.</summary>
    Secp256k1 = 2,

    /// <summary>ECDSA on P-256, encoded as a SubjectPublicKeyInfo.</summary>
    Ecdsa = 3,
}
