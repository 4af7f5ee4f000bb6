namespace Wetware.Capnp;

/// <summary>
/// A window of an array that holds one segment of a message. Invariant: 0 &lt;= Start &lt;= End &lt;= Bytes.Length, and End &lt;= Capacity
/// &lt;= Bytes.Length where it can grow, while the message is open; each use of a pointer checks it again, since a reader may outlive its
/// message by mistake.
/// </summary>
internal sealed class Segment(MessageArena arena, int id)
{
    /// <summary>The message that the segment belongs to.</summary>
    public MessageArena Arena { get; } = arena;

    /// <summary>The segment's number in its message.</summary>
    public int Id { get; } = id;

    public byte[] Bytes = [];
    public int Start;
    public int End;
    public int Capacity;

    /// <summary>Bytes in use.</summary>
    public int Length => End - Start;

    /// <summary>The bytes in use.</summary>
    public ReadOnlyMemory<byte> Memory => new(Bytes, Start, End - Start);

    /// <summary>Takes words at the end, as they are.</summary>
    /// <returns>Where they start, or -1 if there is no room.</returns>
    public int TryAllocate(int words)
    {
        var position = End;
        if (words > (Capacity - position) >> 3)
        {
            return -1;
        }

        End = position + (words << 3);
        return position;
    }
}
