using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A list of texts, data, lists, capabilities or pointers of any kind, under construction. A plain value; valid as long as its message is
/// neither reset nor disposed. The default value is the empty list.
/// </summary>
/// <typeparam name="T">The builder of the elements.</typeparam>
public readonly struct PointerListBuilder<T> : IListBuilder<PointerListBuilder<T>>, IIndexed<T>
    where T : IPointerBuilder<T>
{
    private readonly ListBuilder _raw;

    private PointerListBuilder(ListBuilder raw) => _raw = raw;

    /// <summary>How many elements there are.</summary>
    public int Count => _raw.Count;

    /// <summary>The list without its type.</summary>
    public ListBuilder Raw => _raw;

    /// <inheritdoc/>
    public T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.Get(_raw.GetPointer(index));
    }

    /// <inheritdoc/>
    public static PointerListBuilder<T> Get(PointerBuilder pointer) => new(pointer.GetList().ExpectPointers());

    /// <inheritdoc/>
    public static PointerListBuilder<T> Init(PointerBuilder pointer, int count) => new(pointer.InitList(ElementSize.Pointer, count));

    /// <summary>Looks at a list as this type.</summary>
    public static PointerListBuilder<T> From(ListBuilder raw) => new(raw.ExpectPointers());

    /// <summary>Makes a new list as an element; the elements must be lists or data.</summary>
    public TList Init<TList>(int index, int count)
        where TList : IListBuilder<TList> => TList.Init(_raw.GetPointer(index), count);

    /// <summary>Walks the elements.</summary>
    public ListEnumerator<PointerListBuilder<T>, T> GetEnumerator() => new(this);

    /// <summary>The pointer that an element is.</summary>
    public PointerBuilder GetPointer(int index) => _raw.GetPointer(index);

    /// <summary>Copies text into an element; the elements must be texts.</summary>
    public void SetText(int index, ReadOnlySpan<char> text) => _raw.GetPointer(index).SetText(text);

    /// <summary>Copies text, given in UTF-8, into an element; the elements must be texts.</summary>
    public void SetText(int index, ReadOnlySpan<byte> utf8) => _raw.GetPointer(index).SetText(utf8);

    /// <summary>Copies bytes into an element; the elements must be data.</summary>
    public void SetData(int index, ReadOnlySpan<byte> data) => _raw.GetPointer(index).SetData(data);

    /// <summary>The list without its type.</summary>
    public static implicit operator ListBuilder(PointerListBuilder<T> list) => list._raw;
}
