using System.Globalization;

namespace Wetware.Protocol.Queues;

/// <summary>A topic's number, given by the machine when the topic is made. Zero is no topic.</summary>
/// <param name="Value">The bare number.</param>
public readonly record struct TopicId(uint Value)
{
    /// <summary>No topic.</summary>
    public static TopicId None => default;

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
