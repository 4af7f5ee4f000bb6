namespace Wetware.Capnp;

/// <summary>Walks a list without allocating.</summary>
/// <typeparam name="TList">The list.</typeparam>
/// <typeparam name="TElement">Its elements.</typeparam>
public struct ListEnumerator<TList, TElement>
    where TList : struct, IIndexed<TElement>
{
    private readonly TList _list;
    private readonly int _count;
    private int _index;

    internal ListEnumerator(TList list)
    {
        _list = list;
        _count = list.Count;
        _index = -1;
    }

    /// <summary>The element at hand.</summary>
    public readonly TElement Current => _list[_index];

    /// <summary>Goes to the next element.</summary>
    public bool MoveNext() => ++_index < _count;
}
