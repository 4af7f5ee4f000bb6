namespace Wetware.Wasm;

/// <summary>Why a guest was stopped.</summary>
public enum TrapKind
{
    /// <summary>The guest executed <c>unreachable</c>.</summary>
    Unreachable,

    /// <summary>A memory access, or a segment's copy, beyond the end of the memory.</summary>
    MemoryOutOfBounds,

    /// <summary>A table access, or a segment's copy, beyond the end of the table.</summary>
    TableOutOfBounds,

    /// <summary>An indirect call to an index beyond the end of the table.</summary>
    UndefinedElement,

    /// <summary>An indirect call to an element that is null.</summary>
    UninitializedElement,

    /// <summary>An indirect call to a function of another type.</summary>
    IndirectCallTypeMismatch,

    /// <summary>An integer division by zero.</summary>
    IntegerDivideByZero,

    /// <summary>A division or a conversion whose result does not fit.</summary>
    IntegerOverflow,

    /// <summary>A conversion of a NaN to an integer.</summary>
    InvalidConversionToInteger,

    /// <summary>Calls nested deeper than the stack allows.</summary>
    CallStackExhausted,

    /// <summary>The host stopped the guest.</summary>
    Interrupted,

    /// <summary>The guest ran longer than <see cref="StoreOptions.WallTimeMax"/>.</summary>
    TimeExhausted,

    /// <summary>The guest executed more than <see cref="StoreOptions.Fuel"/>.</summary>
    FuelExhausted,
}
