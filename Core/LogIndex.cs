using System.Globalization;

namespace Wetware.Core;

/// <summary>The position of an entry in a Raft log. The first entry has index 1; zero is before it.</summary>
/// <param name="Value">The bare number.</param>
public readonly record struct LogIndex(ulong Value) : IComparable<LogIndex>
{
    /// <summary>Before the first entry.</summary>
    public static LogIndex Zero => default;

    /// <summary>The index that follows.</summary>
    public LogIndex Next => new(checked(Value + 1));

    /// <summary>The index before this one. Must not be asked of <see cref="Zero"/>.</summary>
    public LogIndex Previous => new(checked(Value - 1));

    /// <summary>The index <paramref name="count"/> entries further on.</summary>
    public static LogIndex operator +(LogIndex index, ulong count) => new(checked(index.Value + count));

    /// <summary>How many entries lie in (<paramref name="right"/>, <paramref name="left"/>].</summary>
    public static ulong operator -(LogIndex left, LogIndex right) => checked(left.Value - right.Value);

    /// <inheritdoc/>
    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Orders by number.</summary>
    public static bool operator <(LogIndex left, LogIndex right) => left.Value < right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >(LogIndex left, LogIndex right) => left.Value > right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator <=(LogIndex left, LogIndex right) => left.Value <= right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >=(LogIndex left, LogIndex right) => left.Value >= right.Value;
}
