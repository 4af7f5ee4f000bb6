namespace Wetware.Capnp;

/// <summary>How the elements of a list are laid out (encoding specification, "Lists").</summary>
public enum ElementSize : byte
{
    /// <summary>No bits: a list of Void.</summary>
    Void = 0,

    /// <summary>One bit: a list of Bool.</summary>
    Bit = 1,

    /// <summary>One byte.</summary>
    Byte = 2,

    /// <summary>Two bytes.</summary>
    TwoBytes = 3,

    /// <summary>Four bytes.</summary>
    FourBytes = 4,

    /// <summary>Eight bytes that are no pointer.</summary>
    EightBytes = 5,

    /// <summary>One pointer.</summary>
    Pointer = 6,

    /// <summary>Structs in place, all of the size that a tag word before the first states.</summary>
    InlineComposite = 7,
}
