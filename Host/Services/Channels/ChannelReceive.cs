namespace Wetware.Host.Services.Channels;

/// <summary>One who receives from a <see cref="ChannelState{T}"/>, which alone changes it.</summary>
internal class ChannelReceive<T>
{
    public ChannelOutcome Outcome { get; internal set; }

    /// <summary>What it holds, once it was handed something.</summary>
    public ChannelSend<T>? Held { get; internal set; }

    /// <summary>Where it waits; null if it does not.</summary>
    internal LinkedListNode<ChannelReceive<T>>? Place { get; set; }
}
