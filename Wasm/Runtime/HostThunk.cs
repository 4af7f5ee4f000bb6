using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Wetware.Wasm.Runtime;

/// <summary>
/// Code that lets emitted code call a delegate as if it were a function of an instance: takes a <see cref="HostContext"/> where a guest
/// function takes its own. One for each delegate type that the host program has; they are never unloaded.
/// </summary>
internal sealed class HostThunk
{
    private static readonly ConcurrentDictionary<Type, HostThunk> Known = new();

    private HostThunk(FunctionType type, nint code)
    {
        Type = type;
        Code = code;
    }

    public FunctionType Type { get; }

    public nint Code { get; }

    /// <exception cref="ArgumentException">The delegate type has a parameter or result that is no WebAssembly type.</exception>
    public static HostThunk Of(Type delegateType) => Known.GetOrAdd(delegateType, Make);

    private static HostThunk Make(Type delegateType)
    {
        var shape = new DelegateShape(delegateType);
        Type[] parameters = [typeof(HostContext), .. shape.ParameterTypes];
        var result = shape.ResultTypes.Length == 0 ? typeof(void) : shape.ResultTypes[0];
        var method = StubAssembly.Emit("host", delegateType, result, parameters, il => Body(il, shape));
        return new HostThunk(shape.Type, method.MethodHandle.GetFunctionPointer());
    }

    private static void Body(ILGenerator il, DelegateShape shape)
    {
        var returned = shape.Invoke.ReturnType == typeof(void) ? null : il.DeclareLocal(shape.Invoke.ReturnType);
        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Field(nameof(HostContext.Target)));
        if (shape.TakesInstance)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, Field(nameof(HostContext.Caller)));
        }

        for (var i = 0; i < shape.ParameterTypes.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, i + 1);
        }

        il.Emit(OpCodes.Callvirt, shape.Invoke);
        if (returned is not null)
        {
            il.Emit(OpCodes.Stloc, returned);
        }

        // An overflow from emitted code means a memory access out of bounds; one of the host's own must not look like it.
        il.BeginCatchBlock(typeof(OverflowException));
        il.Emit(OpCodes.Call, typeof(HostFunctionException).GetMethod(nameof(HostFunctionException.Wrap), BindingFlags.Static | BindingFlags.NonPublic)!);
        il.Emit(OpCodes.Throw);
        il.EndExceptionBlock();
        if (returned is not null)
        {
            Results.Return(il, shape, returned);
        }

        il.Emit(OpCodes.Ret);
    }

    private static FieldInfo Field(string name) => typeof(HostContext).GetField(name)!;
}
