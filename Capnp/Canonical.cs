using Wetware.Core;

namespace Wetware.Capnp;

/// <summary>
/// The canonical form (encoding specification, "Canonicalization"): one segment, objects in preorder, nothing that a reader would not miss.
/// Two structs that read alike have the same canonical form, so it can be hashed and signed.
/// </summary>
public static class Canonical
{
    /// <summary>The canonical form of a struct as a root: one segment, without a table.</summary>
    /// <param name="root">Charged twice against its message's budget.</param>
    /// <exception cref="DecodeException">The struct is malformed, or holds a capability, which has no canonical form.</exception>
    public static byte[] Encode(StructReader root)
    {
        var words = WireMeasure.Words(root) + 1;
        if (words > Limits.SegmentWordsMax)
        {
            DecodeException.Throw("the message is too large for one segment");
        }

        using var message = new MessageBuilder((int)words, (int)words);
        CanonicalCopier.CopyStruct(root, message.Root.Segment, 0);
        Invariant.Check(message.SegmentCount == 1);
        return message.GetSegmentBytes(0).ToArray();
    }

    /// <summary>Whether a message is in canonical form already.</summary>
    /// <exception cref="DecodeException">The message is malformed.</exception>
    public static bool IsCanonical(MessageReader message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.SegmentCount != 1 || message.Root.Kind is not (PointerKind.Struct or PointerKind.Null))
        {
            return false;
        }

        var canonical = message.Root.IsNull ? new byte[8] : Encode(message.Root.GetStruct());
        return canonical.AsSpan().SequenceEqual(message.GetSegmentBytes(0).Span);
    }
}
