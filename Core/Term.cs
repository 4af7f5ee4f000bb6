using System.Globalization;

namespace Wetware.Core;

/// <summary>A Raft term: a logical clock that numbers elections (Ongaro 2014, section 3.3). Zero is before any election.</summary>
/// <param name="Value">The bare number.</param>
public readonly record struct Term(ulong Value) : IComparable<Term>
{
    /// <summary>Before any election.</summary>
    public static Term Zero => default;

    /// <summary>The next term.</summary>
    public Term Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Orders by number.</summary>
    public static bool operator <(Term left, Term right) => left.Value < right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >(Term left, Term right) => left.Value > right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator <=(Term left, Term right) => left.Value <= right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >=(Term left, Term right) => left.Value >= right.Value;
}
