namespace Wetware.Generator.Model;

/// <summary>The type arguments that a reference gives to a declaration and to those around it.</summary>
internal sealed record SchemaBrand(IReadOnlyList<BrandScope> Scopes)
{
    /// <summary>No arguments at all: everything is AnyPointer.</summary>
    public static SchemaBrand None { get; } = new([]);

    /// <summary>The arguments for one declaration, or null where the reference is silent about it.</summary>
    public BrandScope? Find(ulong scopeId)
    {
        foreach (var scope in Scopes)
        {
            if (scope.ScopeId == scopeId)
            {
                return scope;
            }
        }

        return null;
    }
}
