namespace Wetware.Wasm;

/// <summary>A WebAssembly value type; the numbers are those of the binary format.</summary>
public enum ValType : byte
{
    /// <summary>A 32-bit integer.</summary>
    I32 = 0x7f,

    /// <summary>A 64-bit integer.</summary>
    I64 = 0x7e,

    /// <summary>A 32-bit float.</summary>
    F32 = 0x7d,

    /// <summary>A 64-bit float.</summary>
    F64 = 0x7c,

    /// <summary>A 128-bit vector.</summary>
    V128 = 0x7b,

    /// <summary>A reference to a function, or null.</summary>
    FuncRef = 0x70,

    /// <summary>A reference to an object of the host, or null.</summary>
    ExternRef = 0x6f,
}
