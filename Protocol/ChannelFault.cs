namespace Wetware.Protocol;

/// <summary>What a channel's refusals say, so that the other side can tell them apart.</summary>
internal static class ChannelFault
{
    /// <summary>Nothing is sent or received any more.</summary>
    public const string Closed = "the channel is closed";
}
