using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using Wetware.Wasm.Binary;
using Wetware.Wasm.Runtime;
using Wetware.Wasm.Validation;

namespace Wetware.Wasm.Compile;

/// <summary>Emits a validated module as one type of a collectible assembly: a static method a function.</summary>
internal sealed class ModuleCompiler
{
    // One emitted method fills in this many entry points; it stays small enough to be compiled fast.
    private const int EntriesPerMethod = 500;

    private readonly ModuleDefinition _module;
    private readonly CompileOptions _options;
    private readonly TypeBuilder _type;
    private readonly MethodBuilder[] _methods;

    private ModuleCompiler(ModuleDefinition module, CompileOptions options)
    {
        _module = module;
        _options = options;
        _type = StubAssembly.NewModule("Wetware.Wasm.Guest", AssemblyBuilderAccess.RunAndCollect)
            .DefineType("Guest", TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Abstract);
        _methods = new MethodBuilder[module.Functions.Count];
    }

    public static ModuleCode Compile(ModuleDefinition module, CompileOptions options, Deadline deadline) =>
        new ModuleCompiler(module, options).Run(deadline);

    private ModuleCode Run(Deadline deadline)
    {
        for (var i = _module.ImportedFunctions; i < _methods.Length; i++)
        {
            _methods[i] = Define(string.Create(CultureInfo.InvariantCulture, $"{GuestTrace.MethodPrefix}{i}"), _module.TypeOf((uint)i));
        }

        var unoptimised = new List<int>();
        var compiler = new FunctionCompiler(_module, _options, _methods);
        for (var i = 0; i < _module.Bodies.Count; i++)
        {
            deadline.Check(_module.Bodies[i].Offset);
            if (!Function(compiler, i))
            {
                unoptimised.Add(_module.ImportedFunctions + i);
            }
        }

        var references = References();
        var entries = Entries(references);
        var invokers = Invokers(references);
        var results = 1;
        foreach (var type in _module.Types)
        {
            results = Math.Max(results, type.Results.Length);
        }

        return new ModuleCode(_type.CreateType(), _methods.Length, results, entries, invokers, unoptimised);
    }

    private MethodBuilder Define(string name, FunctionType type) => _type.DefineMethod(
        name, MethodAttributes.Static | MethodAttributes.Public, Results.IlType(type), Results.IlParameters(type));

    /// <summary>Emits one function; false when the JIT will not optimise it.</summary>
    private bool Function(FunctionCompiler compiler, int body)
    {
        var index = _module.ImportedFunctions + body;
        var method = _methods[index];
        var frame = FrameEstimate.Bytes(_module.TypeOf((uint)index), _module.Bodies[body]);
        if (frame > FrameEstimate.UncheckedBytesMax)
        {
            // Its frame could reach beyond the head-room before its own code runs: a small method in front checks the stack for it.
            var type = _module.TypeOf((uint)index);
            var inner = Define(string.Create(CultureInfo.InvariantCulture, $"{GuestTrace.LargeMethodPrefix}{index}"), type);
            inner.SetImplementationFlags(MethodImplAttributes.NoInlining);
            FrameEstimate.EmitCheck(method.GetILGenerator(), type, inner, frame, index, _module.Bodies[body].Offset);
            method = inner;
        }

        return compiler.Compile(body, method);
    }

    private List<int> References()
    {
        var references = new SortedSet<int>();
        foreach (var function in _module.DeclaredReferences)
        {
            references.Add((int)function);
        }

        if (_module.Start is { } start)
        {
            references.Add((int)start);
        }

        references.RemoveWhere(function => function < _module.ImportedFunctions);
        return [.. references];
    }

    private List<string> Entries(List<int> references)
    {
        var names = new List<string>();
        for (var first = 0; first < references.Count; first += EntriesPerMethod)
        {
            var method = _type.DefineMethod(
                "entries" + first.ToString(CultureInfo.InvariantCulture), MethodAttributes.Static | MethodAttributes.Public, typeof(void), [typeof(nint*)]);
            var il = method.GetILGenerator();
            for (var i = first; i < Math.Min(first + EntriesPerMethod, references.Count); i++)
            {
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldc_I4, references[i] * sizeof(long));
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Ldftn, _methods[references[i]]);
                il.Emit(OpCodes.Stind_I);
            }

            il.Emit(OpCodes.Ret);
            names.Add(method.Name);
        }

        return names;
    }

    private Dictionary<FunctionType, string> Invokers(List<int> references)
    {
        var names = new Dictionary<FunctionType, string>();
        foreach (var function in references)
        {
            var type = _module.TypeOf((uint)function);
            if (!names.ContainsKey(type))
            {
                var name = "invoke" + names.Count.ToString(CultureInfo.InvariantCulture);
                InvokerEmitter.Emit(_type, name, type);
                names.Add(type, name);
            }
        }

        return names;
    }
}
