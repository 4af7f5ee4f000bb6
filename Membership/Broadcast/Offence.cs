namespace Wetware.Membership.Broadcast;

/// <summary>What can be held against a peer.</summary>
internal enum Offence
{
    /// <summary>It handed on what its signer never signed. Honest peers check first.</summary>
    BadSignature,

    /// <summary>It sent, under its own seal, what cannot be read.</summary>
    Malformed,

    /// <summary>It sent more frames than it may.</summary>
    Excess,

    /// <summary>It sent again what it had been asked not to send.</summary>
    Duplicate,
}
