namespace Wetware.Generator.Model;

/// <summary>A type as the request states it.</summary>
internal sealed record SchemaType(TypeKind Kind)
{
    /// <summary>The element of a list.</summary>
    public SchemaType? Element { get; init; }

    /// <summary>The declaration that an enum, struct or interface type names.</summary>
    public ulong TypeId { get; init; }

    /// <summary>The type arguments of <see cref="TypeId"/> and of the declarations around it.</summary>
    public SchemaBrand Brand { get; init; } = SchemaBrand.None;

    /// <summary>What an AnyPointer is.</summary>
    public AnyKind Any { get; init; }

    /// <summary>The declaration whose parameter this is, for <see cref="AnyKind.Parameter"/>.</summary>
    public ulong ParameterScope { get; init; }

    /// <summary>The position among that declaration's parameters, or among the method's.</summary>
    public int ParameterIndex { get; init; }

    /// <summary>Whether a value of this type lives in the pointer section.</summary>
    public bool IsPointer =>
        Kind is TypeKind.Text or TypeKind.Data or TypeKind.List or TypeKind.Struct or TypeKind.Interface or TypeKind.AnyPointer;
}
