using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Wetware.Wasm.Binary;
using Wetware.Wasm.Runtime.Simd;
using Wetware.Wasm.Validation;

namespace Wetware.Wasm.Compile;

/// <summary>Emits vector instructions. Most are a call of the method that is their meaning, which the JIT inlines to one or two instructions of the processor.</summary>
internal sealed class VectorEmitter(FunctionFrame frame, OperandStack stack, MemoryEmitter memory)
{
    // v128.load8x8_s to v128.load64_splat: the method that follows the scalar load.
    private static readonly MethodInfo[] AfterLoad =
    [
        Of(nameof(SimdLoad.Extend8S)), Of(nameof(SimdLoad.Extend8U)), Of(nameof(SimdLoad.Extend16S)), Of(nameof(SimdLoad.Extend16U)),
        Of(nameof(SimdLoad.Extend32S)), Of(nameof(SimdLoad.Extend32U)),
        Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Splat8)), Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Splat16)),
        Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Splat32)), Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Splat64)),
    ];

    private static readonly MethodInfo[] ReplaceLane =
    [
        Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Replace8)), Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Replace16)),
        Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Replace32)), Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Replace64)),
    ];

    private static readonly MethodInfo[] ExtractLane =
    [
        Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Extract8U)), Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Extract16U)),
        Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Extract32)), Methods.Of(typeof(SimdLanes), nameof(SimdLanes.Extract64)),
    ];

    private static readonly OpCode[] ScalarLoads = [OpCodes.Ldind_U1, OpCodes.Ldind_U2, OpCodes.Ldind_I4, OpCodes.Ldind_I8];

    private static readonly OpCode[] ScalarStores = [OpCodes.Stind_I1, OpCodes.Stind_I2, OpCodes.Stind_I4, OpCodes.Stind_I8];

    private ILGenerator Il => frame.Il;

    public void Emit(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.V128Load:
                memory.LoadAddress(instruction.Bits, 16);
                memory.Unaligned(16);
                Il.Emit(OpCodes.Ldobj, typeof(Vector128<byte>));
                stack.Push(ValType.V128);
                break;
            case Op.V128Store:
                var value = stack.Take();
                memory.LoadAddress(instruction.Bits, 16);
                stack.Emit(value);
                memory.Unaligned(16);
                Il.Emit(OpCodes.Stobj, typeof(Vector128<byte>));
                break;
            case > Op.V128Load and <= Op.V128Load64Splat:
                var kind = instruction.Opcode - Op.V128Load - 1;
                LoadScalar(instruction, kind < 6 ? 3 : kind - 6, AfterLoad[kind]);
                break;
            case Op.V128Load32Zero:
                LoadScalar(instruction, 2, Of(nameof(SimdLoad.Zero32)));
                break;
            case Op.V128Load64Zero:
                LoadScalar(instruction, 3, Of(nameof(SimdLoad.Zero64)));
                break;
            case >= Op.V128Load8Lane and <= Op.V128Load64Lane:
                LoadLane(instruction, instruction.Opcode - Op.V128Load8Lane);
                break;
            case >= Op.V128Store8Lane and <= Op.V128Store64Lane:
                StoreLane(instruction, instruction.Opcode - Op.V128Store8Lane);
                break;
            case Op.V128Const:
                stack.PushConstant(ValType.V128, instruction.Bits, instruction.HighBits);
                break;
            case Op.I8x16Shuffle:
                Shuffle(instruction);
                break;
            default:
                Method(instruction);
                break;
        }
    }

    private static MethodInfo Of(string name) => Methods.Of(typeof(SimdLoad), name);

    private void Method(in Instruction instruction)
    {
        var simd = SimdSignatures.Of(instruction.Opcode);
        stack.Load(simd.Parameters.Length);
        if (simd.Lanes > 0)
        {
            frame.Int((int)instruction.Second);
        }

        Il.Emit(OpCodes.Call, simd.Method);
        stack.Push(simd.Result);
    }

    private void LoadScalar(in Instruction instruction, int exponent, MethodInfo then)
    {
        memory.LoadAddress(instruction.Bits, 1 << exponent);
        memory.Unaligned(1 << exponent);
        Il.Emit(ScalarLoads[exponent]);
        Il.Emit(OpCodes.Call, then);
        stack.Push(ValType.V128);
    }

    private void LoadLane(in Instruction instruction, int exponent)
    {
        var vector = stack.Take();
        memory.LoadAddress(instruction.Bits, 1 << exponent);
        memory.Unaligned(1 << exponent);
        Il.Emit(ScalarLoads[exponent]);
        var loaded = frame.Temporary(exponent == 3 ? ValType.I64 : ValType.I32);
        Il.Emit(OpCodes.Stloc, loaded);
        stack.Emit(vector);
        Il.Emit(OpCodes.Ldloc, loaded);
        frame.Int((int)instruction.Second);
        Il.Emit(OpCodes.Call, ReplaceLane[exponent]);
        stack.Push(ValType.V128);
    }

    private void StoreLane(in Instruction instruction, int exponent)
    {
        var vector = stack.Take();
        memory.LoadAddress(instruction.Bits, 1 << exponent);
        stack.Emit(vector);
        frame.Int((int)instruction.Second);
        Il.Emit(OpCodes.Call, ExtractLane[exponent]);
        memory.Unaligned(1 << exponent);
        Il.Emit(ScalarStores[exponent]);
    }

    private void Shuffle(in Instruction instruction)
    {
        stack.Load(2);
        frame.Long((long)FromFirst(instruction.Bits));
        frame.Long((long)FromFirst(instruction.HighBits));
        frame.Long((long)FromSecond(instruction.Bits));
        frame.Long((long)FromSecond(instruction.HighBits));
        Il.Emit(OpCodes.Call, Methods.Shuffle);
        stack.Push(ValType.V128);
    }

    private static ulong FromFirst(ulong mask) => Choose(mask, static lane => lane < 16 ? lane : 0xff);

    private static ulong FromSecond(ulong mask) => Choose(mask, static lane => lane >= 16 ? lane - 16 : 0xff);

    private static ulong Choose(ulong mask, Func<int, int> choice)
    {
        ulong chosen = 0;
        for (var i = 0; i < sizeof(ulong); i++)
        {
            chosen |= (ulong)(byte)choice((byte)(mask >> (8 * i))) << (8 * i);
        }

        return chosen;
    }
}
