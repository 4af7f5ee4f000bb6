namespace Wetware.Capnp.Dynamic;

/// <summary>
/// Schemas, loaded from what the schema compiler emits for its plugins (<c>capnp compile -o-</c>): declarations by id and by name. Loading
/// checks that fields lie inside their structs and that what is referred to is there. Once loaded it does not change and can be shared by
/// threads.
/// </summary>
public sealed class SchemaRegistry
{
    private readonly Dictionary<ulong, NodeSchema> _byId = [];
    private readonly Dictionary<string, NodeSchema> _byName = new(StringComparer.Ordinal);

    private SchemaRegistry()
    {
    }

    /// <summary>All declarations but files and annotations.</summary>
    public IReadOnlyCollection<NodeSchema> Nodes => _byId.Values;

    /// <summary>Loads a message that holds a CodeGeneratorRequest.</summary>
    /// <param name="frame">With its segment table. Copied.</param>
    /// <param name="limits">What the message may ask of its reader; the copy takes as much memory as these let be read.</param>
    /// <exception cref="DecodeException">The message is malformed.</exception>
    /// <exception cref="SchemaException">The schema does not hold together.</exception>
    public static SchemaRegistry Load(ReadOnlyMemory<byte> frame, ReaderLimits? limits = null)
    {
        using var message = new MessageReader(limits ?? ReaderLimits.Default);
        message.Open(frame);
        return Load(message.GetRoot<Schema.CodeGeneratorRequest.Reader>());
    }

    /// <summary>Loads a CodeGeneratorRequest.</summary>
    /// <param name="request">Copied.</param>
    /// <exception cref="DecodeException">The message is malformed.</exception>
    /// <exception cref="SchemaException">The schema does not hold together.</exception>
    public static SchemaRegistry Load(Schema.CodeGeneratorRequest.Reader request)
    {
        // The copy lives as long as the registry: defaults and annotations are read from it.
        var copy = new MessageBuilder();
        copy.Root.Set(request.Raw);
        var registry = new SchemaRegistry();
        foreach (var node in copy.GetRoot<Schema.CodeGeneratorRequest.Builder>().AsReader().Nodes)
        {
            registry.Add(node);
        }

        registry.CheckReferences();
        return registry;
    }

    /// <summary>A struct or group by id.</summary>
    /// <exception cref="SchemaException">The schema does not have it.</exception>
    public StructSchema GetStruct(ulong id) => Get<StructSchema>(id, "struct");

    /// <summary>An enum by id.</summary>
    /// <exception cref="SchemaException">The schema does not have it.</exception>
    public EnumSchema GetEnum(ulong id) => Get<EnumSchema>(id, "enum");

    /// <summary>A declaration by id; null if there is none.</summary>
    public NodeSchema? Find(ulong id) => _byId.GetValueOrDefault(id);

    /// <summary>A declaration by its name within its file, such as <c>Person.PhoneNumber</c>; the first of that name.</summary>
    public NodeSchema? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A struct by its name within its file.</summary>
    /// <exception cref="SchemaException">The schema does not have it.</exception>
    public StructSchema GetStruct(string name) => Find(name) as StructSchema ?? throw new SchemaException($"there is no struct '{name}'");

    private void Add(Schema.Node.Reader node)
    {
        NodeSchema? schema = node.Which switch
        {
            Schema.Node.Which.Struct => new StructSchema(this, node),
            Schema.Node.Which.Enum => new EnumSchema(this, node),
            Schema.Node.Which.Interface => new InterfaceSchema(this, node),
            Schema.Node.Which.Const => new ConstSchema(this, node),
            _ => null,
        };
        if (schema is null)
        {
            return;
        }

        if (!_byId.TryAdd(schema.Id, schema))
        {
            throw new SchemaException($"the id of {schema} is declared twice");
        }

        var colon = schema.DisplayName.IndexOf(':', StringComparison.Ordinal);
        _byName.TryAdd(schema.DisplayName[(colon + 1)..], schema);
    }

    private void CheckReferences()
    {
        foreach (var node in _byId.Values)
        {
            if (node is StructSchema schema)
            {
                foreach (var field in schema.Fields)
                {
                    Check(field.Type);
                    CheckGroup(schema, field);
                }
            }
        }
    }

    // A group is part of its struct, so it must not reach beyond it. Its scope is its parent, and scopes that circle are not reachable
    // from any struct that is no group, so groups nest finitely wherever reading starts.
    private void CheckGroup(StructSchema schema, FieldSchema field)
    {
        if (!field.IsGroup)
        {
            return;
        }

        var group = GetStruct(field.Type.Id);
        if (!group.IsGroup || group.ScopeId != schema.Id || group.Size != schema.Size)
        {
            throw new SchemaException($"{group} is no group of {schema}");
        }
    }

    private void Check(TypeSchema type)
    {
        while (type.Element is { } element)
        {
            type = element;
        }

        if (type.Kind == TypeKind.Struct)
        {
            _ = GetStruct(type.Id);
        }
        else if (type.Kind == TypeKind.Enum)
        {
            _ = GetEnum(type.Id);
        }
    }

    private T Get<T>(ulong id, string kind)
        where T : NodeSchema =>
        _byId.GetValueOrDefault(id) as T ?? throw new SchemaException($"there is no {kind} with the id 0x{id:x16}");
}
