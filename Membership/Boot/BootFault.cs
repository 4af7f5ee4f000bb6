namespace Wetware.Membership.Boot;

/// <summary>Why a boot packet was not believed.</summary>
public enum BootFault
{
    /// <summary>Nothing is wrong with it.</summary>
    None,

    /// <summary>It is longer than a boot packet may be.</summary>
    Oversized,

    /// <summary>The bytes are not a sealed boot packet.</summary>
    Malformed,

    /// <summary>The signature is not good, or the peer that is named is not the one that signed.</summary>
    Forged,
}
