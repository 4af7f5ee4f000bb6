using System.Globalization;

namespace Wetware.Core;

/// <summary>One of the Raft groups that share a log and a connection.</summary>
/// <param name="Value">The bare number.</param>
public readonly record struct GroupId(ulong Value) : IComparable<GroupId>
{

    /// <inheritdoc/>
    public int CompareTo(GroupId other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Orders by number.</summary>
    public static bool operator <(GroupId left, GroupId right) => left.Value < right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >(GroupId left, GroupId right) => left.Value > right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator <=(GroupId left, GroupId right) => left.Value <= right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >=(GroupId left, GroupId right) => left.Value >= right.Value;
}
