using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Wetware.Wasm.Runtime;

/// <summary>A delegate type read as a WebAssembly function type.</summary>
internal sealed class DelegateShape
{
    public DelegateShape(Type delegateType)
    {
        Invoke = delegateType.GetMethod("Invoke") ?? throw new ArgumentException($"{delegateType} is no delegate type", nameof(delegateType));
        var parameters = Array.ConvertAll(Invoke.GetParameters(), static parameter => parameter.ParameterType);
        TakesInstance = parameters.Length > 0 && parameters[0] == typeof(Instance);
        ParameterTypes = TakesInstance ? parameters[1..] : parameters;
        ReturnsTuple = typeof(ITuple).IsAssignableFrom(Invoke.ReturnType) && Invoke.ReturnType.IsValueType;
        ResultTypes = Invoke.ReturnType == typeof(void) ? [] : ReturnsTuple ? Invoke.ReturnType.GetGenericArguments() : [Invoke.ReturnType];
        if (ResultTypes.Length > MaxResults)
        {
            throw new ArgumentException($"{delegateType}: more than {MaxResults} results", nameof(delegateType));
        }

        Type = new FunctionType(Array.ConvertAll(ParameterTypes, Of), Array.ConvertAll(ResultTypes, Of));
    }

    // A ValueTuple nests beyond seven.
    private const int MaxResults = 7;

    public MethodInfo Invoke { get; }

    public bool TakesInstance { get; }

    public bool ReturnsTuple { get; }

    public Type[] ParameterTypes { get; }

    public Type[] ResultTypes { get; }

    public FunctionType Type { get; }

    private static ValType Of(Type type) =>
        type == typeof(int) || type == typeof(uint) ? ValType.I32
        : type == typeof(long) || type == typeof(ulong) ? ValType.I64
        : type == typeof(float) ? ValType.F32
        : type == typeof(double) ? ValType.F64
        : type == typeof(Vector128<byte>) ? ValType.V128
        : type == typeof(FuncRef) ? ValType.FuncRef
        : type == typeof(object) ? ValType.ExternRef
        : throw new ArgumentException($"{type} stands for no WebAssembly type", nameof(type));
}
