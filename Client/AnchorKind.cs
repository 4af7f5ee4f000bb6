namespace Wetware.Client;

/// <summary>What an anchor holds.</summary>
public enum AnchorKind
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>Bytes.</summary>
    Data,

    /// <summary>A program that was started.</summary>
    Process,

    /// <summary>Some other capability.</summary>
    Capability,

    /// <summary>A session with the node that the anchor stands for.</summary>
    Session,
}
