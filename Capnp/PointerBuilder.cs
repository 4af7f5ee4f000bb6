using System.Runtime.CompilerServices;
using System.Text;

namespace Wetware.Capnp;

/// <summary>
/// A pointer in a message under construction, of any kind: AnyPointer. A plain value; valid as long as its message is
/// neither reset nor disposed.
/// </summary>
public readonly struct PointerBuilder : IPointerBuilder<PointerBuilder>
{
    private readonly Segment _segment;
    private readonly byte[] _bytes;
    private readonly int _position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal PointerBuilder(Segment segment, byte[] bytes, int position)
    {
        _segment = segment;
        _bytes = bytes;
        _position = position;
    }

    /// <summary>Whether it refers to nothing.</summary>
    public bool IsNull => Wire.Read<ulong>(_bytes, _position) == 0;

    /// <summary>What it refers to.</summary>
    public PointerKind Kind => WireReader.KindOf(_segment, _bytes, _position);

    /// <summary>The message that the pointer is part of.</summary>
    public MessageBuilder Message => WireBuilder.BuilderOf(Live);

    internal Segment Segment => Live;

    // A message that was reset or disposed has given its arrays back: a builder that outlived it must not write to the new ones.
    private Segment Live
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (!ReferenceEquals(_segment.Bytes, _bytes))
            {
                ThrowStale();
            }

            return _segment;
        }
    }

    /// <inheritdoc/>
    public static PointerBuilder Get(PointerBuilder pointer) => pointer;

    /// <summary>The pointer as a reader.</summary>
    public PointerReader AsReader() => new(Live, _bytes, _position, Live.Arena.Nesting);

    /// <summary>What it refers to, for change in place.</summary>
    public T Get<T>()
        where T : IPointerBuilder<T> => T.Get(this);

    /// <summary>Makes a new struct.</summary>
    public T Init<T>()
        where T : IStructBuilder<T> => T.Wrap(InitStruct(T.Size));

    /// <summary>Makes a new list.</summary>
    public T Init<T>(int count)
        where T : IListBuilder<T> => T.Init(this, count);

    /// <summary>Makes a new struct of zeros; what was there is cleared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StructBuilder InitStruct(StructSize size) => WireBuilder.InitStruct(Live, _bytes, _position, size);

    /// <summary>
    /// The struct it refers to, for change in place. If there is none it is made; if it is smaller than wanted it is moved to where there
    /// is room.
    /// </summary>
    public StructBuilder GetStruct(StructSize size) => WireUpgrade.GetStruct(Live, _position, size);

    /// <summary>Makes a new list of scalars or pointers, all zero; what was there is cleared.</summary>
    public ListBuilder InitList(ElementSize size, int count) => WireBuilder.InitList(Live, _position, size, count);

    /// <summary>Makes a new list of structs, all zero; what was there is cleared.</summary>
    public ListBuilder InitStructList(StructSize size, int count) => WireBuilder.InitStructList(Live, _position, size, count);

    /// <summary>The list it refers to, for change in place, as it is; empty if there is none.</summary>
    public ListBuilder GetList() => WireUpgrade.GetList(Live, _position);

    /// <summary>
    /// The list of structs it refers to, for change in place. Elements that are smaller than wanted, or no structs, are moved to where
    /// there is room.
    /// </summary>
    public ListBuilder GetStructList(StructSize size) => WireUpgrade.GetStructList(Live, _position, size);

    /// <summary>Makes it null; what it led to is cleared, capabilities are disposed.</summary>
    public void Clear() => WireEraser.Erase(Live, _position);

    /// <summary>
    /// Changes how many elements the list has: in place where it is the segment's last object or becomes shorter, else by moving it. Get
    /// the list anew afterwards.
    /// </summary>
    public ListBuilder ResizeList(int count) => WireResizer.Resize(Live, _position, count);

    /// <summary>Cuts text off.</summary>
    /// <param name="bytes">How many bytes of UTF-8 to keep.</param>
    public void TruncateText(int bytes)
    {
        var text = DataBuilder.Get(this);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Math.Max(0, text.Length - 1));
        if (text.Length > 0)
        {
            text.Span[bytes..].Clear();
            _ = ResizeList(bytes + 1);
        }
    }

    /// <summary>Takes out what the pointer refers to; the pointer becomes null, the object stays.</summary>
    public Orphan Disown()
    {
        var target = Live;
        var pointer = WireBuilder.Follow(ref target, _position, out var start);
        WireUpgrade.ClearPad(Live, _position);
        Wire.Write(_bytes, _position, 0UL);
        return new Orphan(target, pointer, start);
    }

    /// <summary>Puts an orphan of the same message here; what was here is cleared.</summary>
    public void Adopt(Orphan orphan)
    {
        ArgumentNullException.ThrowIfNull(orphan);
        orphan.AdoptInto(Live, _position);
    }

    /// <summary>Copies text in.</summary>
    public void SetText(ReadOnlySpan<char> text)
    {
        // Most text is ASCII: as many bytes as chars are tried first, in one pass.
        var segment = Live;
        if (text.Length < Limits.ListElementsMax)
        {
            var start = WireBuilder.InitBytes(ref segment, _position, text.Length + 1);
            if (System.Text.Ascii.FromUtf16(text, segment.Bytes.AsSpan(start, text.Length), out _) == System.Buffers.OperationStatus.Done)
            {
                return;
            }
        }

        SetTextOfAnyKind(text);
    }

    /// <summary>Copies text in, given in UTF-8 without a NUL at the end.</summary>
    public void SetText(ReadOnlySpan<byte> utf8)
    {
        var segment = Live;
        var start = WireBuilder.InitBytes(ref segment, _position, checked(utf8.Length + 1));
        utf8.CopyTo(segment.Bytes.AsSpan(start, utf8.Length));
    }

    /// <summary>Copies bytes in.</summary>
    public void SetData(ReadOnlySpan<byte> data)
    {
        var segment = Live;
        var start = WireBuilder.InitBytes(ref segment, _position, data.Length);
        data.CopyTo(segment.Bytes.AsSpan(start, data.Length));
    }

    /// <summary>Copies whatever another pointer refers to in.</summary>
    public void Set(PointerReader value) => WireCopier.CopyPointer(value, Live, _position);

    /// <summary>Copies a struct in.</summary>
    public void Set(StructReader value) => WireCopier.CopyStruct(value, Live, _position);

    /// <summary>Copies a list in.</summary>
    public void Set(ListReader value) => WireCopier.CopyList(value, Live, _position);

    /// <summary>Copies text in.</summary>
    public void Set(TextReader value) => SetText(value.Utf8);

    /// <summary>Copies bytes in.</summary>
    public void Set(DataReader value) => SetData(value.Span);

    /// <summary>Copies a struct in.</summary>
    public void Set<T>(T value)
        where T : struct, IStructReader<T> => Set(value.Raw);

    /// <summary>Puts a capability in.</summary>
    /// <param name="capability">Ownership passes to the message; null makes the pointer null.</param>
    public void SetCapability(ICapability? capability)
    {
        Clear();
        if (capability is not null)
        {
            SetCapabilityIndex(Live.Arena.Capabilities.Add(capability));
        }
    }

    /// <summary>Refers to an entry of the message's capability table that is there already, or will be.</summary>
    public void SetCapabilityIndex(uint index)
    {
        Clear();
        WirePointer.Capability(index).Store(_bytes, _position);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SetTextOfAnyKind(ReadOnlySpan<char> text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (!IsNull && bytes < Limits.ListElementsMax)
        {
            // The attempt is usually the last object of its segment, so it grows where it is.
            _ = ResizeList(bytes + 1);
            var grown = DataBuilder.Get(this).Span;
            _ = Encoding.UTF8.GetBytes(text, grown);
            grown[^1] = 0;
            return;
        }

        throw new InvalidOperationException("text has 2^29 - 2 bytes at most");
    }

    private static void ThrowStale() => throw new ObjectDisposedException(nameof(MessageBuilder), "the message was reset or disposed");
}
