namespace Wetware.Core.Identity;

/// <summary>Why an envelope was not believed.</summary>
public enum EnvelopeFault
{
    /// <summary>Nothing is wrong with it.</summary>
    None,

    /// <summary>The bytes are not an envelope.</summary>
    Malformed,

    /// <summary>The key in it is not a key.</summary>
    BadKey,

    /// <summary>It holds something other than what was asked for.</summary>
    OtherPayload,

    /// <summary>The key in it did not sign this payload for this domain.</summary>
    BadSignature,
}
