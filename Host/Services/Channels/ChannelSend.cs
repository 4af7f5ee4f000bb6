namespace Wetware.Host.Services.Channels;

/// <summary>One value on its way through a <see cref="ChannelState{T}"/>, which alone changes it.</summary>
/// <param name="value">The value.</param>
/// <param name="bytes">What it counts as.</param>
internal class ChannelSend<T>(T value, long bytes)
{
    public T Value { get; } = value;

    public long Bytes { get; } = bytes;

    /// <summary>How far its sender has come: that is done as soon as the value is in the buffer.</summary>
    public ChannelOutcome Outcome { get; internal set; }

    /// <summary>Whether the value is the channel's, in the buffer or on its way out of it.</summary>
    public bool IsAccepted { get; internal set; }

    /// <summary>Its place among all values of the channel.</summary>
    internal ulong Order { get; set; }

    /// <summary>Where it lies; null while it lies nowhere.</summary>
    internal LinkedListNode<ChannelSend<T>>? Place { get; set; }

    /// <summary>Whether a receiver holds it.</summary>
    internal bool IsHanded { get; set; }

    /// <summary>Whether its sender called it off while a receiver held it.</summary>
    internal bool IsCalledOff { get; set; }
}
