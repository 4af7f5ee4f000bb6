using Wetware.Generator.Model;
using Wetware.Generator.Request;

namespace Wetware.Generator.Naming;

/// <summary>
/// Gives every declaration its place in C#. Names depend on nothing but the declaration's own scope, so that code generated for a file and
/// code generated for another file that imports it agree, whichever declarations their requests leave out.
/// </summary>
internal sealed class SymbolTable
{
    // Members that every generated struct or interface has.
    private static readonly string[] ContainerMembers =
        ["Reader", "Builder", "Pipeline", "Which", "TypeId", "Client", "IServer", "Equals", "ReferenceEquals"];

    private readonly SchemaRequest _request;
    private readonly NamespaceRule _namespaces;
    private readonly Dictionary<ulong, Symbol> _symbols = [];
    private readonly Dictionary<ulong, (SchemaNode Interface, string Name)> _methodStructs = [];
    private readonly Dictionary<ulong, Dictionary<ulong, string>> _scopes = [];

    public SymbolTable(SchemaRequest request, NamespaceRule namespaces)
    {
        _request = request;
        _namespaces = namespaces;
        foreach (var node in request.Nodes.Values)
        {
            foreach (var method in node.Methods)
            {
                var name = NameOf(method.Name, method.Annotations);
                NameMethodStruct(node, method.ParamsId, name + "Params");
                NameMethodStruct(node, method.ResultsId, name + "Results");
            }
        }
    }

    /// <summary>The declaration with this id.</summary>
    /// <exception cref="RequestException">The request does not hold it.</exception>
    public Symbol this[ulong id] => _symbols.TryGetValue(id, out var symbol) ? symbol : _symbols[id] = Place(id, 0);

    /// <summary>A declaration that its scope lists, which must agree: so nothing can stand inside itself.</summary>
    /// <exception cref="RequestException">It stands elsewhere.</exception>
    public Symbol Inside(ulong id, Symbol? scope)
    {
        var symbol = this[id];
        return ReferenceEquals(symbol.Parent, scope)
            ? symbol
            : throw new RequestException($"{symbol.Node.DisplayName} is listed in a scope that is not its own");
    }

    /// <summary>The name that an annotation sets, or the one that the schema's name gives.</summary>
    public static string NameOf(string name, IReadOnlyList<SchemaAnnotation> annotations)
    {
        foreach (var annotation in annotations)
        {
            if (annotation.Id == WellKnownIds.CSharpName)
            {
                var wanted = System.Text.Encoding.UTF8.GetString(annotation.Value.Bytes ?? []);
                return Identifiers.IsIdentifier(wanted)
                    ? wanted
                    : throw new RequestException($"'{name}' is annotated with the C# name '{wanted}', which is no identifier");
            }
        }

        return Identifiers.Pascal(name);
    }

    /// <summary>The namespace of a file's declarations.</summary>
    public string NamespaceOf(SchemaNode file) => _namespaces.For(file);

    /// <summary>The class of a file's own constants.</summary>
    public string ConstantsOf(SchemaNode file)
    {
        var taken = new NameSet(NamesIn(file).Values);
        return taken.Take(Identifiers.NamespaceOf(file.DisplayName) + "Constants");
    }

    /// <summary>The declaration with this id, or null where the request does not hold it.</summary>
    public SchemaNode? FindNode(ulong id) => _request.Nodes.GetValueOrDefault(id);

    private void NameMethodStruct(SchemaNode owner, ulong id, string name)
    {
        if (_request.Nodes.TryGetValue(id, out var node) && node.ScopeId == 0 && node.Kind == NodeKind.Struct)
        {
            _methodStructs.TryAdd(id, (owner, name));
        }
    }

    private Symbol Place(ulong id, int depth)
    {
        if (!_request.Nodes.TryGetValue(id, out var node))
        {
            throw new RequestException($"the request refers to @0x{id:x} but does not hold it");
        }

        if (depth > 64)
        {
            throw new RequestException($"{node.DisplayName} is nested more than 64 deep");
        }

        var parentId = _methodStructs.TryGetValue(id, out var method) ? method.Interface.Id : node.ScopeId;
        if (!_request.Nodes.TryGetValue(parentId, out var scope))
        {
            throw new RequestException($"{node.DisplayName} stands in a scope that the request does not hold");
        }

        var parent = scope.Kind == NodeKind.File ? null
            : _symbols.TryGetValue(parentId, out var known) ? known
            : _symbols[parentId] = Place(parentId, depth + 1);
        var file = parent?.File ?? scope;
        return new Symbol
        {
            Node = node,
            Parent = parent,
            File = file,
            Namespace = parent?.Namespace ?? _namespaces.For(file),
            Name = NamesIn(scope).TryGetValue(id, out var name) ? name : Identifiers.Pascal(node.Name),
            Parameters = ParametersOf(node, parent),
        };
    }

    private static List<GenericParameter> ParametersOf(SchemaNode node, Symbol? parent)
    {
        var all = new List<GenericParameter>(parent?.Parameters ?? []);
        var names = new NameSet(all.ConvertAll(p => p.Name));
        for (var i = 0; i < node.Parameters.Count; i++)
        {
            var plain = Identifiers.Pascal(node.Parameters[i]);
            var ofInterface = node.Kind == NodeKind.Interface || node.ScopeId == 0;
            all.Add(new GenericParameter(node.Id, i, names.Take(plain == "T" ? "T" : "T" + plain), ofInterface));
        }

        return all;
    }

    /// <summary>
    /// Names what stands directly in a scope: set names first, then declarations, then the structs of methods, then groups.
    /// </summary>
    private Dictionary<ulong, string> NamesIn(SchemaNode scope)
    {
        if (_scopes.TryGetValue(scope.Id, out var names))
        {
            return names;
        }

        names = _scopes[scope.Id] = [];
        var taken = new NameSet(scope.Kind == NodeKind.File ? [] : [.. ContainerMembers, OwnName(scope)]);
        foreach (var nested in scope.Nested)
        {
            var node = FindNode(nested.Id);
            names[nested.Id] = taken.Take(node is null ? Identifiers.Pascal(nested.Name) : NameOf(nested.Name, node.Annotations));
        }

        foreach (var method in scope.Methods)
        {
            foreach (var id in (ReadOnlySpan<ulong>)[method.ParamsId, method.ResultsId])
            {
                if (_methodStructs.TryGetValue(id, out var owned) && owned.Interface.Id == scope.Id)
                {
                    names[id] = taken.Take(owned.Name);
                }
            }
        }

        foreach (var field in scope.Fields)
        {
            if (field.IsGroup)
            {
                names[field.GroupId] = taken.Take(NameOf(field.Name, field.Annotations));
            }
        }

        return names;
    }

    // A C# type may not hold a type of its own name.
    private string OwnName(SchemaNode scope) => this[scope.Id].Name;
}
