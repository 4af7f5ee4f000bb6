namespace Wetware.Capnp;

/// <summary>A typed view of a <see cref="StructReader"/>; generated for each struct.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IStructReader<TSelf> : IPointerReader<TSelf>
    where TSelf : IStructReader<TSelf>
{
    /// <summary>The struct without its type.</summary>
    StructReader Raw { get; }

    /// <summary>Looks at a struct as this type.</summary>
    static abstract TSelf Wrap(StructReader raw);
}
