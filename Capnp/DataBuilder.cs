namespace Wetware.Capnp;

/// <summary>Bytes in a message under construction, to be filled in place. The default value is empty.</summary>
public readonly struct DataBuilder : IListBuilder<DataBuilder>
{
    private readonly ListBuilder _raw;

    private DataBuilder(ListBuilder raw) => _raw = raw;

    /// <summary>The bytes.</summary>
    public Span<byte> Span => _raw.Packed(1);

    /// <summary>How many bytes there are.</summary>
    public int Length => _raw.Count;

    /// <inheritdoc/>
    public static DataBuilder Get(PointerBuilder pointer)
    {
        var raw = pointer.GetList();
        if (!raw.IsDefault && raw.ElementSize != ElementSize.Byte)
        {
            DecodeException.Throw("data was expected where the message has something else");
        }

        return new DataBuilder(raw);
    }

    /// <inheritdoc/>
    public static DataBuilder Init(PointerBuilder pointer, int count) => new(pointer.InitList(ElementSize.Byte, count));
}
