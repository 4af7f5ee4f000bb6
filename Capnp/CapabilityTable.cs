namespace Wetware.Capnp;

/// <summary>The capabilities of one message, by the index that its pointers hold. Owns one reference to each.</summary>
public sealed class CapabilityTable
{
    private readonly List<ICapability?> _entries = [];

    internal CapabilityTable()
    {
    }

    /// <summary>How many entries there are, free ones included.</summary>
    public int Count => _entries.Count;

    /// <summary>The capability at an index, borrowed; null if there is none, as a message from outside may claim anything.</summary>
    public ICapability? this[uint index] => index < (uint)_entries.Count ? _entries[(int)index] : null;

    /// <summary>Puts a capability in.</summary>
    /// <param name="capability">Ownership passes to the message; null holds a place.</param>
    /// <returns>Its index.</returns>
    public uint Add(ICapability? capability)
    {
        if (_entries.Count >= Limits.CapabilitiesMax)
        {
            throw new InvalidOperationException("too many capabilities in one message");
        }

        _entries.Add(capability);
        return (uint)(_entries.Count - 1);
    }

    /// <summary>Takes a capability out; its place stays, empty.</summary>
    /// <param name="index">Any number.</param>
    /// <returns>The capability, ownership passing to the caller; null if there was none.</returns>
    public ICapability? Take(uint index)
    {
        var taken = this[index];
        if (taken is not null)
        {
            _entries[(int)index] = null;
        }

        return taken;
    }

    /// <summary>Puts a capability in the place of another, which is disposed.</summary>
    /// <param name="index">Below <see cref="Count"/>.</param>
    /// <param name="capability">Ownership passes to the message.</param>
    public void Replace(uint index, ICapability? capability)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, (uint)_entries.Count);
        var before = _entries[(int)index];
        _entries[(int)index] = capability;
        before?.Dispose();
    }

    /// <summary>Disposes every capability and empties the table.</summary>
    public void Clear()
    {
        if (_entries.Count == 0)
        {
            return;
        }

        foreach (var entry in _entries)
        {
            entry?.Dispose();
        }

        _entries.Clear();
    }
}
