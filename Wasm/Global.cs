using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Wetware.Core;

namespace Wetware.Wasm;

/// <summary>A global variable. Numbers live in 16 bytes that emitted code reaches by address; references live in a field.</summary>
public sealed unsafe class Global
{
    internal const int SlotBytes = 16;

    /// <summary>Keeps the slot's memory in place and alive.</summary>
    private readonly byte[] _home;

    /// <summary>Where a global of a numeric type lives. Invariant: points into <see cref="_home"/>, which is pinned.</summary>
    internal readonly byte* Slot;

    /// <summary>What a global of a reference type holds.</summary>
    internal object? Reference;

    internal Global(GlobalType type, byte[] home, int index)
    {
        Type = type;
        _home = home;
        Slot = (byte*)Unsafe.AsPointer(ref home[index * SlotBytes]);
    }

    /// <summary>A global that the host makes, to be imported by guests.</summary>
    public Global(GlobalType type, Value initial)
        : this(type, GC.AllocateArray<byte>(SlotBytes, pinned: true), 0) => Write(initial);

    /// <summary>What it holds, and whether it can change.</summary>
    public GlobalType Type { get; }

    /// <summary>The current value.</summary>
    public Value Value
    {
        get => Read();
        set
        {
            if (!Type.Mutable)
            {
                throw new InvalidOperationException("the global is immutable");
            }

            Write(value);
        }
    }

    internal void Write(Value value)
    {
        if (value.Type != Type.Type)
        {
            throw new ArgumentException($"a {Type.Type} is wanted, not a {value.Type}", nameof(value));
        }

        Invariant.Check(_home.Length > 0);
        if (Type.Type is ValType.FuncRef or ValType.ExternRef)
        {
            Reference = value.AsExtern();
        }
        else
        {
            Unsafe.WriteUnaligned(Slot, value.AsV128());
        }
    }

    private Value Read() => Type.Type switch
    {
        ValType.I32 => Value.From(Unsafe.ReadUnaligned<int>(Slot)),
        ValType.I64 => Value.From(Unsafe.ReadUnaligned<long>(Slot)),
        ValType.F32 => Value.FromF32Bits(Unsafe.ReadUnaligned<uint>(Slot)),
        ValType.F64 => Value.FromF64Bits(Unsafe.ReadUnaligned<ulong>(Slot)),
        ValType.V128 => Value.From(Unsafe.ReadUnaligned<Vector128<byte>>(Slot)),
        ValType.FuncRef => Value.From((FuncRef?)Reference),
        _ => Value.FromExtern(Reference),
    };
}
