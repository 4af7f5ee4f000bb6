namespace Wetware.Wasm.Compile;

/// <summary>A set of integer types.</summary>
[Flags]
internal enum IntegerTypes
{
    None = 0,
    I32 = 1,
    I64 = 2,
}
