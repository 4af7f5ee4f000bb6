namespace Wetware.Generator.Model;

/// <summary>What an AnyPointer stands for.</summary>
internal enum AnyKind
{
    /// <summary>Any pointer at all.</summary>
    Anything,

    /// <summary>Any struct.</summary>
    Struct,

    /// <summary>Any list.</summary>
    List,

    /// <summary>Any capability.</summary>
    Capability,

    /// <summary>A type parameter of an enclosing declaration.</summary>
    Parameter,

    /// <summary>A type parameter of the method that the type belongs to.</summary>
    MethodParameter,
}
