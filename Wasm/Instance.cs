using System.Runtime.Intrinsics;
using Wetware.Wasm.Binary;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm;

/// <summary>A module brought to life in a store: its own memory, tables and globals over the module's shared code.</summary>
public sealed class Instance
{
    private readonly InstanceContext _context;
    private readonly FuncRef?[] _functions;
    private bool[]? _dataDropped;
    private bool _isActiveDataDropped;
    private readonly object?[]?[] _elements;
    private readonly Dictionary<string, object> _exports;

    internal Instance(Store store, CompiledModule module, InstanceContext context, Global[] globals)
    {
        Store = store;
        Module = module;
        _context = context;
        Globals = globals;
        _functions = new FuncRef?[module.Definition.Functions.Count];
        _elements = new object?[]?[module.Definition.Elements.Count];
        _exports = new Dictionary<string, object>(StringComparer.Ordinal);
    }

    /// <summary>The store it lives in.</summary>
    public Store Store { get; }

    /// <summary>The module it is an instance of.</summary>
    public CompiledModule Module { get; }

    /// <summary>Its memory; null where it has none.</summary>
    public Memory? Memory => _context.Memory;

    internal Global[] Globals { get; }

    internal InstanceContext Context => _context;

    /// <summary>Makes an instance and runs the module's start function, if it has one.</summary>
    /// <exception cref="LinkException">An import is missing or of another type, or a limit of the store is reached.</exception>
    /// <exception cref="TrapException">A segment does not fit, or the start function trapped. What was written to imported memories and tables stays.</exception>
    public static Instance Create(Store store, CompiledModule module, Imports imports)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(imports);
        return Instantiation.Run(store, module, imports);
    }

    /// <summary>The export of that name: a <see cref="FuncRef"/>, <see cref="Table"/>, <see cref="Wasm.Memory"/> or <see cref="Global"/>; null where there is none.</summary>
    public object? Export(string name)
    {
        if (_exports.TryGetValue(name, out var known))
        {
            return known;
        }

        foreach (var export in Module.Definition.Exports)
        {
            if (export.Name == name)
            {
                object item = export.Kind switch
                {
                    ExternKind.Function => Function((int)export.Index),
                    ExternKind.Table => _context.Tables[export.Index],
                    ExternKind.Memory => _context.Memory!,
                    _ => Globals[export.Index],
                };
                _exports[name] = item;
                return item;
            }
        }

        return null;
    }

    /// <summary>An exported function as a typed delegate; see <see cref="Imports"/> for the types. Null where there is no such export.</summary>
    /// <exception cref="ArgumentException">The function's type is not the delegate's.</exception>
    public T? Function<T>(string name)
        where T : Delegate =>
        Export(name) is FuncRef function ? ExportStub.Bind<T>(Store, function) : null;

    /// <summary>Calls an exported function whose type is known only now.</summary>
    /// <exception cref="ArgumentException">There is no such function, or it takes other arguments.</exception>
    /// <exception cref="TrapException">The guest trapped.</exception>
    public Value[] Call(string name, params Value[] arguments) =>
        Call(Export(name) as FuncRef ?? throw new ArgumentException($"no function {name} is exported", nameof(name)), arguments);

    /// <summary>Calls a function of this instance's store.</summary>
    public Value[] Call(FuncRef function, params Value[] arguments)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(arguments);
        return Invoker.Call(Store, function, arguments);
    }

    internal FuncRef Function(int index)
    {
        var module = Module.Definition;
        if (index < module.ImportedFunctions)
        {
            return _context.Imports[index];
        }

        return _functions[index] ??= new FuncRef(Module.Code.EntryPoint(index), _context, module.TypeOf((uint)index));
    }

    internal ReadOnlyMemory<byte> DataSegment(int index)
    {
        var segment = Module.Definition.Data[index];
        var isDropped = (_isActiveDataDropped && segment.Mode == SegmentMode.Active) || _dataDropped?[index] == true;
        return isDropped ? default : segment.Bytes;
    }

    internal void DropData(int index) => (_dataDropped ??= new bool[Module.Definition.Data.Count])[index] = true;

    /// <summary>Instantiation has copied all active segments, or its image had them.</summary>
    internal void DropActiveData() => _isActiveDataDropped = true;

    internal object?[] ElementSegment(int index)
    {
        if (_elements[index] is not { } values)
        {
            var items = Module.Definition.Elements[index].Items;
            _elements[index] = values = new object?[items.Length];
            Evaluate(items, values);
        }

        return values;
    }

    internal void DropElements(int index) => _elements[index] = [];

    /// <summary>The value of a constant expression. Invariant: validated, so that what it names exists and has the right type.</summary>
    internal Value Evaluate(in ConstantExpression expression) => expression.Opcode switch
    {
        Op.I32Const => Value.From((int)expression.Bits),
        Op.I64Const => Value.From((long)expression.Bits),
        Op.F32Const => Value.FromF32Bits((uint)expression.Bits),
        Op.F64Const => Value.FromF64Bits(expression.Bits),
        Op.V128Const => Value.From(Vector128.Create(expression.Bits, expression.HighBits).AsByte()),
        Op.RefNull => expression.Type == ValType.FuncRef ? Value.From((FuncRef?)null) : Value.FromExtern(null),
        Op.RefFunc => Value.From(Function((int)expression.Index)),
        _ => Globals[expression.Index].Value,
    };

    /// <summary>Puts the values of element expressions into a table.</summary>
    internal void Evaluate(ConstantExpression[] items, Span<object?> values)
    {
        for (var i = 0; i < items.Length; i++)
        {
            values[i] = items[i].Opcode == Op.RefFunc ? Function((int)items[i].Index) : Evaluate(items[i]).AsExtern();
        }
    }
}
