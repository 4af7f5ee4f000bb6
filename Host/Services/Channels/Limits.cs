namespace Wetware.Host.Services.Channels;

/// <summary>The limits of channels; each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Channels of one node; each takes some hundred bytes beside what is in it.</summary>
    public const int ChannelsMax = 16_384;

    /// <summary>Values in the buffer of one channel.</summary>
    public const int ChannelItemsMax = 65_536;

    /// <summary>Sends that wait at one channel, and receives: each is a call under way.</summary>
    public const int ChannelWaitersMax = 1_024;

    /// <summary>Bytes of one value of a channel, with what it costs to keep it. Large values belong into a capability that hands them out.</summary>
    public const long ChannelValueBytesMax = 1L << 20;

    /// <summary>Bytes that a value takes beside its content, about.</summary>
    public const int ChannelValueOverheadBytes = 256;

    /// <summary>Bytes that a capability in a value takes, about.</summary>
    public const int ChannelCapabilityBytes = 256;

    /// <summary>Bytes in the buffer of one channel. More than the largest value.</summary>
    public const long ChannelBytesMax = 16L << 20;

    /// <summary>Bytes of the values in all channels of one node, those of waiting sends included.</summary>
    public const long ChannelsBytesMax = 64L << 20;
}
