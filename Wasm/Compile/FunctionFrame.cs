using System.Reflection.Emit;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm.Compile;

/// <summary>The IL arguments and locals of one function: the context, its parameters and locals, slots, and temporaries.</summary>
internal sealed class FunctionFrame
{
    private const int Types = 7;

    private static readonly OpCode[] SmallConstants =
    [
        OpCodes.Ldc_I4_0, OpCodes.Ldc_I4_1, OpCodes.Ldc_I4_2, OpCodes.Ldc_I4_3, OpCodes.Ldc_I4_4,
        OpCodes.Ldc_I4_5, OpCodes.Ldc_I4_6, OpCodes.Ldc_I4_7, OpCodes.Ldc_I4_8,
    ];

    private readonly int _parameters;
    private readonly LocalBuilder[] _locals;
    private readonly List<LocalBuilder?> _slots = [];
    private readonly LocalBuilder?[] _temporaries = new LocalBuilder?[Types];
    private readonly LocalBuilder?[] _others = new LocalBuilder?[Types];
    private readonly bool[] _turn = new bool[Types];
    private LocalBuilder? _zero32;
    private LocalBuilder? _zero64;

    public FunctionFrame(ILGenerator il, FunctionType type, ValType[] locals)
    {
        Il = il;
        _parameters = type.Parameters.Length;
        LocalTypes = [.. type.Parameters, .. locals];
        _locals = Array.ConvertAll(locals, local => il.DeclareLocal(Results.IlType(local)));
    }

    public ILGenerator Il { get; }

    public ValType[] LocalTypes { get; }

    public void LoadLocal(int index)
    {
        if (index < _parameters)
        {
            LoadArgument(index + 1);
        }
        else
        {
            Il.Emit(OpCodes.Ldloc, _locals[index - _parameters]);
        }
    }

    public void StoreLocal(int index)
    {
        if (index >= _parameters)
        {
            Il.Emit(OpCodes.Stloc, _locals[index - _parameters]);
        }
        else if (index + 1 <= byte.MaxValue)
        {
            Il.Emit(OpCodes.Starg_S, (byte)(index + 1));
        }
        else
        {
            Il.Emit(OpCodes.Starg, (short)(index + 1));
        }
    }

    public void LoadArgument(int index)
    {
        switch (index)
        {
            case 0:
                Il.Emit(OpCodes.Ldarg_0);
                break;
            case <= byte.MaxValue:
                Il.Emit(OpCodes.Ldarg_S, (byte)index);
                break;
            default:
                Il.Emit(OpCodes.Ldarg, (short)index);
                break;
        }
    }

    public LocalBuilder Slot(int depth, ValType type)
    {
        var at = (depth * Types) + Number(type);
        while (_slots.Count <= at)
        {
            _slots.Add(null);
        }

        return _slots[at] ??= Il.DeclareLocal(Results.IlType(type));
    }

    /// <summary>A temporary that lives until the next one of its type is asked for, twice: an address and a value may be of one type.</summary>
    public LocalBuilder Temporary(ValType type)
    {
        _turn[Number(type)] ^= true;
        ref var temporary = ref (_turn[Number(type)] ? ref _temporaries[Number(type)] : ref _others[Number(type)]);
        return temporary ??= Il.DeclareLocal(Results.IlType(type));
    }

    public void Context() => Il.Emit(OpCodes.Ldarg_0);

    public void ContextField(string name)
    {
        Il.Emit(OpCodes.Ldarg_0);
        Il.Emit(OpCodes.Ldfld, typeof(InstanceContext).GetField(name)!);
    }

    public void Constant(in Operand operand)
    {
        switch (operand.Type)
        {
            case ValType.I32:
                Int((int)operand.Bits);
                break;
            case ValType.I64:
                Long((long)operand.Bits);
                break;
            case ValType.F32:
                Single((uint)operand.Bits);
                break;
            case ValType.F64:
                Double(operand.Bits);
                break;
            case ValType.V128:
                Il.Emit(OpCodes.Ldc_I8, (long)operand.Bits);
                Il.Emit(OpCodes.Ldc_I8, (long)operand.HighBits);
                Il.Emit(OpCodes.Call, Methods.VectorConstant);
                break;
            default:
                Il.Emit(OpCodes.Ldnull);
                break;
        }
    }

    /// <summary>Sets the function's locals to zero, where <see cref="MethodBuilder.InitLocals"/> does not: that would zero the probe of the stack too.</summary>
    public void ZeroLocals()
    {
        for (var i = _parameters; i < LocalTypes.Length; i++)
        {
            switch (LocalTypes[i])
            {
                case ValType.F32:
                    Il.Emit(OpCodes.Ldc_R4, 0f);
                    break;
                case ValType.F64:
                    Il.Emit(OpCodes.Ldc_R8, 0.0);
                    break;
                default:
                    Constant(new Operand(LocalTypes[i], OperandKind.Constant));
                    break;
            }

            StoreLocal(i);
        }
    }

    /// <summary>Readies zeros of these types that the JIT cannot know to be zero.</summary>
    public void ReadyZeros(IntegerTypes types)
    {
        if (types.HasFlag(IntegerTypes.I32))
        {
            _zero32 = Il.DeclareLocal(typeof(int));
            ContextField(nameof(InstanceContext.Zero));
            Il.Emit(OpCodes.Conv_I4);
            Il.Emit(OpCodes.Stloc, _zero32);
        }

        if (types.HasFlag(IntegerTypes.I64))
        {
            _zero64 = Il.DeclareLocal(typeof(long));
            ContextField(nameof(InstanceContext.Zero));
            Il.Emit(OpCodes.Stloc, _zero64);
        }
    }

    /// <summary>Adds a hidden zero to the value on top of the IL stack. An addition: the JIT would move a bitwise operation out from between two others of its kind.</summary>
    public void AddZero(ValType type)
    {
        Il.Emit(OpCodes.Ldloc, (type == ValType.I32 ? _zero32 : _zero64)!);
        Il.Emit(OpCodes.Add);
    }

    public void Int(int value)
    {
        if (value is >= 0 and <= 8)
        {
            Il.Emit(SmallConstants[value]);
        }
        else if (value == (sbyte)value)
        {
            Il.Emit(OpCodes.Ldc_I4_S, (sbyte)value);
        }
        else
        {
            Il.Emit(OpCodes.Ldc_I4, value);
        }
    }

    public void Long(long value)
    {
        if (value == (int)value)
        {
            Int((int)value);
            Il.Emit(OpCodes.Conv_I8);
        }
        else
        {
            Il.Emit(OpCodes.Ldc_I8, value);
        }
    }

    private void Single(uint bits)
    {
        var value = BitConverter.UInt32BitsToSingle(bits);
        var field = value switch
        {
            0 => bits == 0 ? nameof(InstanceContext.SingleZero) : nameof(InstanceContext.SingleMinusZero),
            1 => nameof(InstanceContext.SingleOne),
            -1 => nameof(InstanceContext.SingleMinusOne),
            _ => null,
        };
        if (field is not null)
        {
            ContextField(field);
        }
        else if (float.IsNaN(value))
        {
            Il.Emit(OpCodes.Ldc_I4, (int)bits);
            Il.Emit(OpCodes.Call, Methods.OpaqueSingle);
        }
        else
        {
            Il.Emit(OpCodes.Ldc_R4, value);
        }
    }

    private void Double(ulong bits)
    {
        var value = BitConverter.UInt64BitsToDouble(bits);
        var field = value switch
        {
            0 => bits == 0 ? nameof(InstanceContext.DoubleZero) : nameof(InstanceContext.DoubleMinusZero),
            1 => nameof(InstanceContext.DoubleOne),
            -1 => nameof(InstanceContext.DoubleMinusOne),
            _ => null,
        };
        if (field is not null)
        {
            ContextField(field);
        }
        else if (double.IsNaN(value))
        {
            Il.Emit(OpCodes.Ldc_I8, (long)bits);
            Il.Emit(OpCodes.Call, Methods.OpaqueDouble);
        }
        else
        {
            Il.Emit(OpCodes.Ldc_R8, value);
        }
    }

    private static int Number(ValType type) => type switch
    {
        ValType.I32 => 0,
        ValType.I64 => 1,
        ValType.F32 => 2,
        ValType.F64 => 3,
        ValType.V128 => 4,
        ValType.FuncRef => 5,
        _ => 6,
    };
}
