using System.Globalization;

namespace Wetware.Core;

/// <summary>One process start of a peer: a random number, drawn anew each time the peer starts.</summary>
/// <param name="Value">The bare number.</param>
public readonly record struct ServerId(ulong Value) : IComparable<ServerId>
{

    /// <inheritdoc/>
    public int CompareTo(ServerId other) => Value.CompareTo(other.Value);

    /// <summary>Sixteen lower-case hexadecimal digits, most significant first.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Orders by number.</summary>
    public static bool operator <(ServerId left, ServerId right) => left.Value < right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >(ServerId left, ServerId right) => left.Value > right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator <=(ServerId left, ServerId right) => left.Value <= right.Value;

    /// <summary>Orders by number.</summary>
    public static bool operator >=(ServerId left, ServerId right) => left.Value >= right.Value;
}
