using System.Text;

namespace Wetware.Capnp;

/// <summary>Text in a message under construction, as it was set. The default value is empty.</summary>
public readonly struct TextBuilder : IPointerBuilder<TextBuilder>
{
    private readonly DataBuilder _bytes;

    private TextBuilder(DataBuilder bytes) => _bytes = bytes;

    /// <summary>The bytes, without the NUL at the end.</summary>
    public ReadOnlySpan<byte> Utf8 => _bytes.Length == 0 ? default : _bytes.Span[..^1];

    /// <summary>Bytes, without the NUL at the end.</summary>
    public int Length => Math.Max(0, _bytes.Length - 1);

    /// <inheritdoc/>
    public static TextBuilder Get(PointerBuilder pointer) => new(DataBuilder.Get(pointer));

    /// <summary>The text as a string.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8);

    /// <summary>The text as a string.</summary>
    public static implicit operator string(TextBuilder text) => text.ToString();
}
