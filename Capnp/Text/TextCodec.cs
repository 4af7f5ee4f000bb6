using System.Text;
using Wetware.Capnp.Dynamic;

namespace Wetware.Capnp.Text;

/// <summary>
/// Messages in the schema language's own notation and back, such as <c>(id = 1, name = "Alice", phones = [(type = home)])</c>: what the
/// <c>capnp</c> tool prints and reads as <c>text</c>. Capabilities and AnyPointer are printed as placeholders and cannot be read.
/// </summary>
public static class TextCodec
{
    /// <summary>How deeply values may nest.</summary>
    internal const int DepthMax = 256;

    /// <summary>Prints a struct on one line.</summary>
    /// <exception cref="DecodeException">The message is malformed.</exception>
    public static string Encode(DynamicStructReader value)
    {
        var output = new StringBuilder();
        TextPrinter.Struct(output, value, 0);
        return output.ToString();
    }

    /// <summary>Reads a struct.</summary>
    /// <param name="text">In parentheses.</param>
    /// <param name="target">A new struct, to be filled in.</param>
    /// <exception cref="SchemaException">The text is malformed, or does not fit the schema.</exception>
    public static void Decode(string text, DynamicStructBuilder target)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new TextParser(text);
        parser.Struct(target, 0);
        parser.End();
    }
}
