using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Wetware.Wasm.Runtime;

/// <summary>Code that calls a guest function through a delegate: enters the store, calls, turns faults into traps, leaves. One for each delegate type.</summary>
internal static class ExportStub
{
    private static readonly ConcurrentDictionary<Type, (FunctionType Type, MethodInfo Method)> Known = new();

    public static T Bind<T>(Store store, FuncRef function)
        where T : Delegate
    {
        var (type, method) = Known.GetOrAdd(typeof(T), Make);
        return type.Equals(function.Type)
            ? (T)Delegate.CreateDelegate(typeof(T), new BoundExport(store, function), method)
            : throw new ArgumentException($"the function is {function.Type}, the delegate {type}", nameof(function));
    }

    private static (FunctionType, MethodInfo) Make(Type delegateType)
    {
        var shape = new DelegateShape(delegateType);
        if (shape.TakesInstance)
        {
            throw new ArgumentException($"{delegateType}: a guest's function takes no {nameof(Instance)}", nameof(delegateType));
        }

        Type[] parameters = [typeof(BoundExport), .. shape.ParameterTypes];
        return (shape.Type, StubAssembly.Emit("guest", delegateType, shape.Invoke.ReturnType, parameters, il => Body(il, shape)));
    }

    private static void Body(ILGenerator il, DelegateShape shape)
    {
        var returned = shape.Invoke.ReturnType == typeof(void) ? null : il.DeclareLocal(shape.Invoke.ReturnType);
        Store(il, nameof(Wasm.Store.Enter));
        il.BeginExceptionBlock();
        il.BeginExceptionBlock();
        Context(il);
        for (var i = 0; i < shape.ParameterTypes.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, i + 1);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, typeof(BoundExport).GetField(nameof(BoundExport.Code))!);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, Results.IlType(shape.Type), Results.IlParameters(shape.Type), null);
        Keep(il, shape, returned);
        il.BeginCatchBlock(typeof(OverflowException));
        il.Emit(OpCodes.Call, typeof(GuestTrace).GetMethod(nameof(GuestTrace.MemoryFault))!);
        il.Emit(OpCodes.Throw);
        il.EndExceptionBlock();
        il.BeginFinallyBlock();
        Store(il, nameof(Wasm.Store.Leave));
        il.EndExceptionBlock();
        if (returned is not null)
        {
            il.Emit(OpCodes.Ldloc, returned);
        }

        il.Emit(OpCodes.Ret);
    }

    private static void Keep(ILGenerator il, DelegateShape shape, LocalBuilder? returned)
    {
        if (returned is null)
        {
            return;
        }

        for (var i = 1; i < shape.ResultTypes.Length; i++)
        {
            Results.Load(il, shape.Type.Results[i], i, () => Context(il));
        }

        if (shape.ReturnsTuple)
        {
            il.Emit(OpCodes.Newobj, shape.Invoke.ReturnType.GetConstructor(shape.ResultTypes)!);
        }

        il.Emit(OpCodes.Stloc, returned);
    }

    private static void Context(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, typeof(BoundExport).GetField(nameof(BoundExport.Context))!);
    }

    private static void Store(ILGenerator il, string verb)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, typeof(BoundExport).GetField(nameof(BoundExport.Store))!);
        il.Emit(OpCodes.Call, typeof(Store).GetMethod(verb, BindingFlags.Instance | BindingFlags.NonPublic)!);
    }
}
