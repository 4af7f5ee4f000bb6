namespace Wetware.Capnp.Dynamic;

/// <summary>A constant.</summary>
public sealed class ConstSchema : NodeSchema
{
    internal ConstSchema(SchemaRegistry registry, Schema.Node.Reader node)
        : base(registry, node)
    {
        Type = TypeSchema.Load(registry, node.Const.Type);
        var value = node.Const.Value;
        Value = Type.IsPointer
            ? new DynamicValue(Type, value.Raw.GetPointer(0))
            : new DynamicValue(Type, FieldSchema.BitsOf(Type.Kind, value));
    }

    /// <summary>Its type.</summary>
    public TypeSchema Type { get; }

    /// <summary>Its value.</summary>
    public DynamicValue Value { get; }
}
