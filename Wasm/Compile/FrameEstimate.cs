using System.Reflection.Emit;
using Wetware.Wasm.Binary;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm.Compile;

/// <summary>
/// Bounds the stack frame of a function before the JIT has chosen it. A function checks the stack in its own frame, so a frame must
/// fit in the head-room; one that might not is checked from outside.
/// </summary>
internal static class FrameEstimate
{
    /// <summary>Frames up to this fit many times in <see cref="GuestThread.HeadroomBytes"/>.</summary>
    public const int UncheckedBytesMax = 64 << 10;

    // A local or parameter of the widest type.
    private const int SlotBytes = 16;

    // An operand in IL locals, one for each type that it has at some point: a vector, two numbers and two references of 8 bytes, two of 4, which take 8.
    private const int OperandBytes = 64;

    // Temporaries of the JIT. Measured for .NET 10 on x64 as frame bytes for a code byte, over functions that keep every result: i32 0.6, i64 1.5,
    // f64 2.0, vectors 4.0 (local.get, v128.not, local.tee: 48,016 bytes for 12,004).
    private const int BytesPerCodeByte = 4;

    public static int Bytes(FunctionType type, FunctionBody body) =>
        ((type.Parameters.Length + body.Locals.Length) * SlotBytes) + (body.OperandsMax * OperandBytes) + (body.Code.Length * BytesPerCodeByte);

    /// <summary>Emits a method that traps unless the stack has room for a frame of that size, and otherwise becomes <paramref name="inner"/>.</summary>
    public static void EmitCheck(ILGenerator il, FunctionType type, MethodBuilder inner, int frame, int function, int offset)
    {
        var enough = il.DefineLabel();
        var probe = il.DeclareLocal(typeof(byte));
        il.Emit(OpCodes.Ldloca, probe);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldc_I4, frame);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Ldfld, typeof(InstanceContext).GetField(nameof(InstanceContext.StackLimit))!);
        il.Emit(OpCodes.Bge_Un, enough);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, function);
        il.Emit(OpCodes.Ldc_I4, offset);
        il.Emit(OpCodes.Call, typeof(Trap).GetMethod(nameof(Trap.Stopped))!);
        il.Emit(OpCodes.Throw);
        il.MarkLabel(enough);
        for (var i = 0; i <= type.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, i);
        }

        il.Emit(OpCodes.Tailcall);
        il.Emit(OpCodes.Call, inner);
        il.Emit(OpCodes.Ret);
    }
}
