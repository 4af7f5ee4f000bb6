namespace Wetware.Capnp;

/// <summary>What a pointer refers to, far pointers followed.</summary>
public enum PointerKind : byte
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary>A struct.</summary>
    Struct,

    /// <summary>A list, text or data.</summary>
    List,

    /// <summary>An entry of the message's capability table.</summary>
    Capability,
}
