namespace Wetware.Capnp.Dynamic;

/// <summary>What the type parameters of a generic declaration, and of those around it, are bound to.</summary>
public sealed class Brand
{
    private readonly Dictionary<ulong, TypeSchema?[]?> _scopes;

    private Brand(Dictionary<ulong, TypeSchema?[]?> scopes) => _scopes = scopes;

    /// <summary>Nothing bound.</summary>
    public static Brand Empty { get; } = new([]);

    /// <summary>What a parameter is bound to; null if to nothing, which reads as AnyPointer.</summary>
    public TypeSchema? Find(ulong scope, int index) =>
        _scopes.TryGetValue(scope, out var bindings) && bindings is not null && index < bindings.Length ? bindings[index] : null;

    internal static Brand Load(SchemaRegistry registry, Schema.Brand.Reader brand)
    {
        if (brand.Scopes.Count == 0)
        {
            return Empty;
        }

        var scopes = new Dictionary<ulong, TypeSchema?[]?>();
        foreach (var scope in brand.Scopes)
        {
            scopes[scope.ScopeId] = scope.Which == Schema.Brand.Scope.Which.Bind ? Bindings(registry, scope) : null;
        }

        return new Brand(scopes);
    }

    /// <summary>Replaces parameters of the context by what they are bound to there.</summary>
    internal Brand Resolve(Brand context)
    {
        if (_scopes.Count == 0 || context._scopes.Count == 0)
        {
            return this;
        }

        var scopes = new Dictionary<ulong, TypeSchema?[]?>();
        foreach (var (scope, bindings) in _scopes)
        {
            scopes[scope] = bindings is null
                ? context._scopes.GetValueOrDefault(scope)
                : Array.ConvertAll(bindings, binding => binding?.Resolve(context));
        }

        return new Brand(scopes);
    }

    private static TypeSchema?[] Bindings(SchemaRegistry registry, Schema.Brand.Scope.Reader scope)
    {
        var bindings = new TypeSchema?[Limits.CheckedCount(scope.Bind.Count)];
        for (var i = 0; i < bindings.Length; i++)
        {
            var binding = scope.Bind[i];
            bindings[i] = binding.Which == Schema.Brand.Binding.Which.Type ? TypeSchema.Load(registry, binding.Type) : null;
        }

        return bindings;
    }
}
