using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Wetware.Wasm.Runtime;

/// <summary>
/// Emits the convention for results: the first is returned as IL returns it, the others travel in <see cref="InstanceContext.Results"/>
/// and <see cref="InstanceContext.ReferenceResults"/>, slot by slot.
/// </summary>
internal static class Results
{
    public static Type IlType(ValType type) => type switch
    {
        ValType.I32 => typeof(int),
        ValType.I64 => typeof(long),
        ValType.F32 => typeof(float),
        ValType.F64 => typeof(double),
        ValType.V128 => typeof(Vector128<byte>),
        ValType.FuncRef => typeof(FuncRef),
        _ => typeof(object),
    };

    public static Type IlType(FunctionType type) => type.Results.Length == 0 ? typeof(void) : IlType(type.Results[0]);

    /// <summary>The parameters of the IL method of a function: its context, then its own.</summary>
    public static Type[] IlParameters(FunctionType type)
    {
        var types = new Type[type.Parameters.Length + 1];
        types[0] = typeof(InstanceContext);
        for (var i = 1; i < types.Length; i++)
        {
            types[i] = IlType(type.Parameters[i - 1]);
        }

        return types;
    }

    /// <summary>Emits the store of one further result. Argument 0 is the context.</summary>
    public static void Store(ILGenerator il, ValType type, int index, Action value)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (type is ValType.FuncRef or ValType.ExternRef)
        {
            il.Emit(OpCodes.Ldfld, typeof(InstanceContext).GetField(nameof(InstanceContext.ReferenceResults))!);
            il.Emit(OpCodes.Ldc_I4, index);
            value();
            il.Emit(OpCodes.Stelem_Ref);
            return;
        }

        Address(il, index);
        value();
        Indirect(il, type, store: true);
    }

    /// <summary>Emits the load of one further result; <paramref name="context"/> emits the context.</summary>
    public static void Load(ILGenerator il, ValType type, int index, Action context)
    {
        context();
        if (type is ValType.FuncRef or ValType.ExternRef)
        {
            il.Emit(OpCodes.Ldfld, typeof(InstanceContext).GetField(nameof(InstanceContext.ReferenceResults))!);
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Ldelem_Ref);
            return;
        }

        Address(il, index);
        Indirect(il, type, store: false);
    }

    /// <summary>Emits the return of what a delegate returned.</summary>
    public static void Return(ILGenerator il, DelegateShape shape, LocalBuilder returned)
    {
        if (!shape.ReturnsTuple)
        {
            il.Emit(OpCodes.Ldloc, returned);
            return;
        }

        for (var i = shape.ResultTypes.Length - 1; i >= 0; i--)
        {
            var field = shape.Invoke.ReturnType.GetField($"Item{i + 1}")!;
            void Item()
            {
                il.Emit(OpCodes.Ldloca, returned);
                il.Emit(OpCodes.Ldfld, field);
            }

            if (i == 0)
            {
                Item();
            }
            else
            {
                Store(il, shape.Type.Results[i], i, Item);
            }
        }
    }

    /// <summary>Emits a load or store through the address on the IL stack.</summary>
    public static void Indirect(ILGenerator il, ValType type, bool store)
    {
        il.Emit(OpCodes.Unaligned, (byte)1);
        if (type == ValType.V128)
        {
            il.Emit(store ? OpCodes.Stobj : OpCodes.Ldobj, typeof(Vector128<byte>));
            return;
        }

        il.Emit(type switch
        {
            ValType.I32 => store ? OpCodes.Stind_I4 : OpCodes.Ldind_I4,
            ValType.I64 => store ? OpCodes.Stind_I8 : OpCodes.Ldind_I8,
            ValType.F32 => store ? OpCodes.Stind_R4 : OpCodes.Ldind_R4,
            _ => store ? OpCodes.Stind_R8 : OpCodes.Ldind_R8,
        });
    }

    private static void Address(ILGenerator il, int index)
    {
        il.Emit(OpCodes.Ldfld, typeof(InstanceContext).GetField(nameof(InstanceContext.Results))!);
        il.Emit(OpCodes.Ldc_I4, index * Global.SlotBytes);
        il.Emit(OpCodes.Add);
    }
}
