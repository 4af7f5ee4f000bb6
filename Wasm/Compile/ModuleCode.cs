using System.Reflection;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm.Compile;

/// <summary>The emitted code of a module.</summary>
internal sealed unsafe class ModuleCode
{
    private readonly nint[] _entryPoints;
    private readonly Dictionary<FunctionType, Invoker.Stub> _invokers = [];
    private readonly Dictionary<FunctionType, string> _invokerNames;

    public ModuleCode(Type type, int functions, int resultsMax, IReadOnlyList<string> entryMethods, Dictionary<FunctionType, string> invokers, List<int> unoptimised)
    {
        Type = type;
        ResultsMax = resultsMax;
        Unoptimised = unoptimised;
        _invokerNames = invokers;
        _entryPoints = new nint[functions];
        fixed (nint* entries = _entryPoints)
        {
            foreach (var name in entryMethods)
            {
                ((delegate*<nint*, void>)type.GetMethod(name)!.MethodHandle.GetFunctionPointer())(entries);
            }
        }
    }

    /// <summary>The type whose static methods the functions are.</summary>
    public Type Type { get; }

    /// <summary>The most results of any function type of the module.</summary>
    public int ResultsMax { get; }

    /// <summary>Functions too large to be optimised.</summary>
    public List<int> Unoptimised { get; }

    /// <summary>The code of a function that can be referred to: one that is exported, in a segment, or named by ref.func.</summary>
    public nint EntryPoint(int function)
    {
        Core.Invariant.Check(_entryPoints[function] != 0);
        return _entryPoints[function];
    }

    public Invoker.Stub Invoker(FunctionType type)
    {
        lock (_invokers)
        {
            if (!_invokers.TryGetValue(type, out var stub))
            {
                stub = Type.GetMethod(_invokerNames[type])!.CreateDelegate<Invoker.Stub>();
                _invokers.Add(type, stub);
            }

            return stub;
        }
    }
}
