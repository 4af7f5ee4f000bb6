namespace Wetware.Capnp;

/// <summary>
/// What a pointer field holds unless it is set: a message of one segment, its first word the root pointer. Made once per
/// field by generated code and kept for good. Reads of it count against nothing, since the schema is trusted.
/// </summary>
public sealed class PointerDefault
{
    // Keeps its message alive; the message is never disposed.
    private readonly PointerReader _root;

    /// <summary>Creates the default from its encoding.</summary>
    /// <param name="segment">Whole words.</param>
    /// <exception cref="DecodeException">It is malformed.</exception>
    public PointerDefault(ReadOnlySpan<byte> segment)
    {
        using var encoded = new MessageReader();
        encoded.OpenSegment(segment.ToArray());
        var message = new MessageBuilder(Math.Max(1, segment.Length / 8));
        message.Root.Set(encoded.Root);
        _root = message.AsReader();
    }

    /// <summary>The default value.</summary>
    public PointerReader Root => _root;

    /// <summary>The default value.</summary>
    public T Get<T>()
        where T : IPointerReader<T> => T.Read(Root);
}
