using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// A pointer in a message, of any kind: AnyPointer. Follow it as what the schema says it is. A plain value; valid as long as its message is
/// open. The default value is the null pointer.
/// </summary>
public readonly struct PointerReader : IPointerReader<PointerReader>
{
    private readonly Segment? _segment;
    private readonly byte[] _bytes;
    private readonly int _position;
    private readonly int _nesting;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal PointerReader(Segment? segment, byte[] bytes, int position, int nesting)
    {
        _segment = segment;
        _bytes = bytes;
        _position = position;
        _nesting = nesting;
    }

    /// <summary>Whether it refers to nothing.</summary>
    public bool IsNull => _segment is null || Wire.Read<ulong>(_bytes, _position) == 0;

    /// <summary>What it refers to.</summary>
    /// <exception cref="DecodeException">The pointer is malformed.</exception>
    public PointerKind Kind => WireReader.KindOf(_segment, _bytes, _position);

    /// <summary>The message that the pointer is part of; null for the default value.</summary>
    public MessageArena? Message => _segment?.Arena;

    /// <inheritdoc/>
    public static PointerReader Read(PointerReader pointer) => pointer;

    /// <summary>Follows the pointer as whatever is wanted.</summary>
    public T Get<T>()
        where T : IPointerReader<T> => T.Read(this);

    /// <summary>Follows the pointer to a struct; the empty struct if it is null.</summary>
    /// <exception cref="DecodeException">It is malformed, or refers to something else.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StructReader GetStruct() => WireReader.ReadStruct(_segment, _bytes, _position, _nesting);

    /// <summary>Follows the pointer to a list of any kind; the empty list if it is null.</summary>
    /// <exception cref="DecodeException">It is malformed, or refers to something else.</exception>
    public ListReader GetList() => WireReader.ReadList(_segment, _bytes, _position, _nesting);

    /// <summary>Follows the pointer to text; empty if it is null.</summary>
    /// <exception cref="DecodeException">It is malformed, refers to something else, or the text does not end in NUL.</exception>
    public TextReader GetText()
    {
        var bytes = _bytes;
        var count = WireReader.ReadBytes(_segment, ref bytes, _position, _nesting, out var start);
        if (count <= 0)
        {
            return count < 0 ? default : Unterminated();
        }

        return Wire.Read<byte>(bytes, start + count - 1) == 0 ? new TextReader(bytes, start, count - 1) : Unterminated();
    }

    /// <summary>Follows the pointer to bytes; empty if it is null.</summary>
    /// <exception cref="DecodeException">It is malformed, or refers to something else.</exception>
    public DataReader GetData()
    {
        var bytes = _bytes;
        var count = WireReader.ReadBytes(_segment, ref bytes, _position, _nesting, out var start);
        return count < 0 ? default : new DataReader(bytes, start, count);
    }

    /// <summary>The capability the pointer refers to, borrowed from the message.</summary>
    /// <returns>Null if the pointer is null, or names an entry that the message's table does not have.</returns>
    /// <exception cref="DecodeException">It refers to something else.</exception>
    public ICapability? GetCapability() =>
        TryGetCapabilityIndex(out var index) ? _segment!.Arena.Capabilities[index] : null;

    /// <summary>The index in the message's capability table that the pointer holds.</summary>
    /// <returns>False if the pointer is null.</returns>
    /// <exception cref="DecodeException">It refers to something that is no capability.</exception>
    public bool TryGetCapabilityIndex(out uint index)
    {
        index = 0;
        if (IsNull)
        {
            return false;
        }

        var segment = _segment!;
        var bytes = _bytes;
        var target = 0L;
        var pointer = WireReader.FollowFar(ref segment, ref bytes, WirePointer.Load(bytes, _position), ref target);
        if (!pointer.IsCapability)
        {
            DecodeException.Throw("a capability was expected where the message has something else");
        }

        index = pointer.CapabilityIndex;
        return true;
    }

    private static TextReader Unterminated() => throw new DecodeException("a text does not end in NUL");
}
