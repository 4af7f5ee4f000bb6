namespace Wetware.Capnp.Dynamic;

/// <summary>An interface.</summary>
public sealed class InterfaceSchema : NodeSchema
{
    internal InterfaceSchema(SchemaRegistry registry, Schema.Node.Reader node)
        : base(registry, node)
    {
        var methods = node.Interface.Methods;
        var loaded = new MethodSchema[Limits.CheckedCount(methods.Count)];
        for (var i = 0; i < loaded.Length; i++)
        {
            loaded[i] = new MethodSchema(methods[i].Name, methods[i].ParamStructType, methods[i].ResultStructType);
        }

        Methods = loaded;
        var superclasses = node.Interface.Superclasses;
        var ids = new ulong[Limits.CheckedCount(superclasses.Count)];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = superclasses[i].Id;
        }

        SuperclassIds = ids;
    }

    /// <summary>Its own methods, by their ordinal.</summary>
    public IReadOnlyList<MethodSchema> Methods { get; }

    /// <summary>The ids of the interfaces that it extends.</summary>
    public IReadOnlyList<ulong> SuperclassIds { get; }
}
