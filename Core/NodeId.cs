using System.Globalization;

namespace Wetware.Core;

/// <summary>A member of a Raft group. Zero is nobody.</summary>
/// <param name="Value">The bare number.</param>
public readonly record struct NodeId(ulong Value) : IComparable<NodeId>
{
    /// <summary>Nobody.</summary>
    public static NodeId None => default;

    /// <inheritdoc/>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <summary>The number in lower-case hexadecimal, as etcd prints member ids.</summary>
    public override string ToString() => Value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Orders by number.</summary>
    public static bool operator <(NodeId left, NodeId right) => left.Value < right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >(NodeId left, NodeId right) => left.Value > right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator <=(NodeId left, NodeId right) => left.Value <= right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >=(NodeId left, NodeId right) => left.Value >= right.Value;
}
