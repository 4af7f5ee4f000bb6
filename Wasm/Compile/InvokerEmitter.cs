using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm.Compile;

/// <summary>Emits, for a function type, the method behind <see cref="Invoker.Stub"/>: unpacks values, calls, packs the results.</summary>
internal static class InvokerEmitter
{
    public static void Emit(TypeBuilder home, string name, FunctionType type)
    {
        var method = home.DefineMethod(
            name, MethodAttributes.Static | MethodAttributes.Public, typeof(void), [typeof(InstanceContext), typeof(nint), typeof(Value[]), typeof(Value[])]);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        for (var i = 0; i < type.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldelema, typeof(Value));
            il.Emit(OpCodes.Call, Unpack(type.Parameters[i]));
        }

        il.Emit(OpCodes.Ldarg_1);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, Results.IlType(type), Results.IlParameters(type), null);
        Pack(il, type);
        il.Emit(OpCodes.Ret);
    }

    private static void Pack(ILGenerator il, FunctionType type)
    {
        if (type.Results.Length == 0)
        {
            return;
        }

        var first = il.DeclareLocal(Results.IlType(type.Results[0]));
        il.Emit(OpCodes.Stloc, first);
        for (var i = 0; i < type.Results.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_3);
            il.Emit(OpCodes.Ldc_I4, i);
            if (i == 0)
            {
                il.Emit(OpCodes.Ldloc, first);
            }
            else
            {
                Results.Load(il, type.Results[i], i, () => il.Emit(OpCodes.Ldarg_0));
            }

            il.Emit(OpCodes.Call, Pack(type.Results[i]));
            il.Emit(OpCodes.Stelem, typeof(Value));
        }
    }

    private static MethodInfo Unpack(ValType type) => typeof(Value).GetMethod(type switch
    {
        ValType.I32 => nameof(Value.AsI32),
        ValType.I64 => nameof(Value.AsI64),
        ValType.F32 => nameof(Value.AsF32),
        ValType.F64 => nameof(Value.AsF64),
        ValType.V128 => nameof(Value.AsV128),
        ValType.FuncRef => nameof(Value.AsFuncRef),
        _ => nameof(Value.AsExtern),
    })!;

    private static MethodInfo Pack(ValType type) => type == ValType.ExternRef
        ? typeof(Value).GetMethod(nameof(Value.FromExtern))!
        : typeof(Value).GetMethod(nameof(Value.From), [Results.IlType(type)])!;
}
