using System.Runtime.Intrinsics;

namespace Wetware.Wasm;

/// <summary>A WebAssembly value of any type, for calls whose types are not known when the host is compiled.</summary>
public readonly struct Value
{
    private readonly object? _reference;
    private readonly Vector128<ulong> _bits;

    private Value(ValType type, Vector128<ulong> bits, object? reference)
    {
        Type = type;
        _bits = bits;
        _reference = reference;
    }

    /// <summary>The value's type.</summary>
    public ValType Type { get; }

    /// <summary>An i32.</summary>
    public static Value From(int value) => new(ValType.I32, Vector128.CreateScalar((ulong)(uint)value), null);

    /// <summary>An i64.</summary>
    public static Value From(long value) => new(ValType.I64, Vector128.CreateScalar((ulong)value), null);

    /// <summary>An f32, bit by bit.</summary>
    public static Value From(float value) => new(ValType.F32, Vector128.CreateScalar((ulong)BitConverter.SingleToUInt32Bits(value)), null);

    /// <summary>An f64, bit by bit.</summary>
    public static Value From(double value) => new(ValType.F64, Vector128.CreateScalar(BitConverter.DoubleToUInt64Bits(value)), null);

    /// <summary>A v128.</summary>
    public static Value From(Vector128<byte> value) => new(ValType.V128, value.AsUInt64(), null);

    /// <summary>A reference to a function, or null.</summary>
    public static Value From(FuncRef? value) => new(ValType.FuncRef, default, value);

    /// <summary>A reference to an object of the host, or null.</summary>
    public static Value FromExtern(object? value) => new(ValType.ExternRef, default, value);

    /// <summary>The bits of an f32 as they are: passing them through a float could change a signalling NaN.</summary>
    public static Value FromF32Bits(uint bits) => new(ValType.F32, Vector128.CreateScalar((ulong)bits), null);

    /// <summary>The bits of an f64.</summary>
    public static Value FromF64Bits(ulong bits) => new(ValType.F64, Vector128.CreateScalar(bits), null);

    /// <summary>The value as an i32; other types give the low bits.</summary>
    public int AsI32() => (int)_bits[0];

    /// <summary>The value as an i64; other types give the low bits.</summary>
    public long AsI64() => (long)_bits[0];

    /// <summary>The value as an f32.</summary>
    public float AsF32() => BitConverter.UInt32BitsToSingle((uint)_bits[0]);

    /// <summary>The value as an f64.</summary>
    public double AsF64() => BitConverter.UInt64BitsToDouble(_bits[0]);

    /// <summary>The value as a v128.</summary>
    public Vector128<byte> AsV128() => _bits.AsByte();

    /// <summary>The value as a function, or null.</summary>
    public FuncRef? AsFuncRef() => _reference as FuncRef;

    /// <summary>The value as an object of the host, or null.</summary>
    public object? AsExtern() => _reference;

    /// <inheritdoc/>
    public override string ToString() => Type switch
    {
        ValType.I32 => $"i32:{AsI32()}",
        ValType.I64 => $"i64:{AsI64()}",
        ValType.F32 => $"f32:{AsF32()} ({_bits[0]:x8})",
        ValType.F64 => $"f64:{AsF64()} ({_bits[0]:x16})",
        ValType.V128 => $"v128:{_bits[1]:x16}{_bits[0]:x16}",
        _ => $"{Type}:{_reference ?? "null"}",
    };
}
