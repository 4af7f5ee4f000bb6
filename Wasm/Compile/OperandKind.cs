namespace Wetware.Wasm.Compile;

/// <summary>Where an operand is.</summary>
internal enum OperandKind
{
    /// <summary>On the IL evaluation stack.</summary>
    Stack,

    /// <summary>Nowhere yet: it is a constant.</summary>
    Constant,

    /// <summary>In a local of the function that has not been set since the operand was made.</summary>
    Local,

    /// <summary>In the IL local that belongs to its depth and type.</summary>
    Slot,
}
