namespace Wetware.Capnp;

/// <summary>Elements by number; what <see cref="ListEnumerator{TList, TElement}"/> walks.</summary>
/// <typeparam name="TElement">The type of an element.</typeparam>
public interface IIndexed<out TElement>
{
    /// <summary>How many elements there are.</summary>
    int Count { get; }

    /// <summary>One element.</summary>
    /// <param name="index">From 0 up to <see cref="Count"/>, exclusive.</param>
    TElement this[int index] { get; }
}
