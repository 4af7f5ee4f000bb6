using Wetware.Wasm.Runtime;

namespace Wetware.Wasm;

/// <summary>
/// What a host offers to the modules it instantiates, by module and name. Functions are typed delegates: int, long, float, double,
/// Vector128&lt;byte&gt;, <see cref="FuncRef"/> and object stand for the value types, a ValueTuple for several results, and an optional
/// first parameter of type <see cref="Instance"/> is the instance that imported the function.
/// </summary>
public sealed class Imports
{
    private readonly Dictionary<(string Module, string Name), object> _items = [];

    /// <summary>Offers a host function.</summary>
    public Imports Function(string module, string name, Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);

        // Fails now, where the mistake is, rather than when a guest asks for it.
        _ = HostThunk.Of(function.GetType());
        _items[(module, name)] = function;
        return this;
    }

    /// <summary>Offers a function of another instance of the same store.</summary>
    public Imports Function(string module, string name, FuncRef function) => Set(module, name, function);

    /// <summary>Offers a memory.</summary>
    public Imports Memory(string module, string name, Memory memory) => Set(module, name, memory);

    /// <summary>Offers a table.</summary>
    public Imports Table(string module, string name, Table table) => Set(module, name, table);

    /// <summary>Offers a global.</summary>
    public Imports Global(string module, string name, Global global) => Set(module, name, global);

    /// <summary>Offers all exports of an instance of the same store under a module name.</summary>
    public Imports Instance(string module, Instance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        foreach (var (name, _) in instance.Module.Exports)
        {
            _items[(module, name)] = instance.Export(name)!;
        }

        return this;
    }

    internal object? Find(string module, string name) => _items.GetValueOrDefault((module, name));

    private Imports Set(string module, string name, object item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _items[(module, name)] = item;
        return this;
    }
}
