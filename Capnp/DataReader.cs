namespace Wetware.Capnp;

/// <summary>Bytes in a message. A plain value; valid as long as its message is open. The default value is empty.</summary>
public readonly struct DataReader : IPointerReader<DataReader>
{
    private readonly byte[]? _bytes;
    private readonly int _start;
    private readonly int _length;

    internal DataReader(byte[] bytes, int start, int length)
    {
        _bytes = bytes;
        _start = start;
        _length = length;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes is null ? default : _bytes.AsSpan(_start, _length);

    /// <summary>The bytes, for use across await.</summary>
    public ReadOnlyMemory<byte> Memory => new(_bytes, _start, _length);

    /// <summary>How many bytes there are.</summary>
    public int Length => _length;

    /// <summary>Whether there are no bytes.</summary>
    public bool IsEmpty => _length == 0;

    /// <inheritdoc/>
    public static DataReader Read(PointerReader pointer) => pointer.GetData();

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => Span.ToArray();

    /// <summary>The bytes.</summary>
    public static implicit operator ReadOnlySpan<byte>(DataReader data) => data.Span;
}
