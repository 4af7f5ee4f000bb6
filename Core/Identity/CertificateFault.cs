namespace Wetware.Core.Identity;

/// <summary>Why a peer's certificate was not believed.</summary>
public enum CertificateFault
{
    /// <summary>Nothing is wrong with it.</summary>
    None,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>The bytes are not one certificate: cut short, followed by others, or of a form that is not taken.</summary>
    Malformed,

    /// <summary>Its time has not come.</summary>
    NotYetValid,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It is not signed by the key that it holds.</summary>
    NotSelfSigned,

    /// <summary>It has no libp2p public-key extension, so it says of no peer that it is that peer's.</summary>
    NoPeerKey,

    /// <summary>The peer key in it is not a key, or is of a kind that this project cannot check.</summary>
    BadPeerKey,

    /// <summary>The peer key in it did not sign the certificate's key.</summary>
    BadPeerSignature,
}
