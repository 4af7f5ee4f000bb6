namespace Wetware.Capnp;

/// <summary>A list, or data, that is made with a number of elements.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IListBuilder<TSelf> : IPointerBuilder<TSelf>
    where TSelf : IListBuilder<TSelf>
{
    /// <summary>Makes a new list of zero elements behind a pointer; what was there is cleared.</summary>
    static abstract TSelf Init(PointerBuilder pointer, int count);
}
