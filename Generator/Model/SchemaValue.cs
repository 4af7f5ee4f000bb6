using Wetware.Capnp;

namespace Wetware.Generator.Model;

/// <summary>A constant or a default.</summary>
/// <param name="Kind">The kind of the value.</param>
/// <param name="Bits">A scalar's bits, zero-extended; an enum's number.</param>
/// <param name="Bytes">
/// Text (without its terminator) or data; for a list, struct or AnyPointer the one segment of a message whose root it is; null when absent.
/// </param>
internal sealed record SchemaValue(TypeKind Kind, ulong Bits, byte[]? Bytes)
{
    /// <summary>Whether this is what an all-zero message already says.</summary>
    public bool IsZero => Bits == 0 && (Bytes is null || Bytes.Length == 0);

    /// <summary>A pointer's value as the one segment of a message whose root it is.</summary>
    public byte[] Segment()
    {
        if (Kind is not (TypeKind.Text or TypeKind.Data))
        {
            return Bytes ?? new byte[8];
        }

        using var message = new MessageBuilder();
        if (Kind == TypeKind.Text)
        {
            message.Root.SetText(Bytes);
        }
        else
        {
            message.Root.SetData(Bytes);
        }

        return message.GetSegmentBytes(0).ToArray();
    }
}
