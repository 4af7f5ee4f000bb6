namespace Wetware.Capnp;

/// <summary>A typed view of a <see cref="StructBuilder"/>; generated for each struct.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IStructBuilder<TSelf> : IPointerBuilder<TSelf>
    where TSelf : IStructBuilder<TSelf>
{
    /// <summary>The room that a new struct of this type takes.</summary>
    static abstract StructSize Size { get; }

    /// <summary>The struct without its type.</summary>
    StructBuilder Raw { get; }

    /// <summary>Looks at a struct as this type; it must have at least <see cref="Size"/>.</summary>
    static abstract TSelf Wrap(StructBuilder raw);
}
