namespace Wetware.Capnp;

/// <summary>What can be built behind a pointer.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IPointerBuilder<TSelf>
    where TSelf : IPointerBuilder<TSelf>
{
    /// <summary>
    /// What a pointer refers to, for change in place. A struct that is not there yet is made; a list that is not there is empty.
    /// </summary>
    static abstract TSelf Get(PointerBuilder pointer);
}
