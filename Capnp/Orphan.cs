namespace Wetware.Capnp;

/// <summary>
/// An object of a message under construction that no pointer leads to: taken from one place with <see cref="PointerBuilder.Disown"/>, to be
/// put into another of the same message with <see cref="PointerBuilder.Adopt"/>. Nothing is copied. Disposing it unadopted clears the
/// object.
/// </summary>
public sealed class Orphan : IDisposable
{
    private readonly Segment _segment;
    private readonly byte[] _bytes;
    private readonly int _start;
    private WirePointer _pointer;

    internal Orphan(Segment segment, WirePointer pointer, int start)
    {
        _segment = segment;
        _bytes = segment.Bytes;
        _pointer = pointer;
        _start = start;
    }

    /// <summary>Whether there is no object: there never was, or it has been adopted or disposed.</summary>
    public bool IsNull => _pointer.IsNull;

    /// <summary>Clears the object, unless it has been adopted or its message was reset.</summary>
    public void Dispose()
    {
        var pointer = Take();
        if (pointer.IsNull || !ReferenceEquals(_segment.Bytes, _bytes))
        {
            return;
        }

        if (pointer.IsCapability)
        {
            _segment.Arena.Capabilities.Take(pointer.CapabilityIndex)?.Dispose();
        }
        else
        {
            WireEraser.EraseObject(_segment, _start, pointer, Limits.BuilderNestingMax);
        }
    }

    internal void AdoptInto(Segment segment, int position)
    {
        if (!ReferenceEquals(segment.Arena, _segment.Arena) || !ReferenceEquals(_segment.Bytes, _bytes))
        {
            throw new InvalidOperationException("an orphan can only be adopted in its own message, before that is reset");
        }

        WireEraser.Erase(segment, position);
        var pointer = Take();
        if (pointer.IsNull || pointer.IsCapability)
        {
            pointer.Store(segment.Bytes, position);
        }
        else
        {
            WireBuilder.Point(segment, position, _segment, _start, pointer);
        }
    }

    private WirePointer Take()
    {
        var taken = _pointer;
        _pointer = default;
        return taken;
    }
}
