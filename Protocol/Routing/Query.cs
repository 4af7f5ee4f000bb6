using System.Globalization;
using System.Text;
using Wetware.Core;

namespace Wetware.Protocol.Routing;

/// <summary>
/// What to read from a snapshot: every record, those of a key, or those from a key on; up to and including another key; at most so
/// many; forward or in reverse. In reverse the walk starts at the last row that <see cref="Start"/> means, or at the end, and goes
/// down to <see cref="End"/>. A record is yielded once, even if several of its labels are in the range. Immutable.
/// Invariant: both keys are of <see cref="Kind"/>.
/// </summary>
public sealed record Query
{
    private Query(IndexKind kind, IndexKey? start, IndexKey? end)
    {
        Kind = kind;
        Start = start;
        End = end;
    }

    /// <summary>Every record, in the order of the peers' text.</summary>
    public static Query All { get; } = new(IndexKind.Peer, null, null);

    /// <summary>Which index is walked.</summary>
    public IndexKind Kind { get; private init; }

    /// <summary>Where the walk starts; null for the end of the index that it starts from.</summary>
    public IndexKey? Start { get; private init; }

    /// <summary>The last key of the walk; null for the other end of the index.</summary>
    public IndexKey? End { get; private init; }

    /// <summary>At most so many records.</summary>
    public long Limit { get; private init; } = long.MaxValue;

    /// <summary>Whether the walk goes from high keys to low ones.</summary>
    public bool IsReverse { get; private init; }

    /// <summary>The records of one key, or of every key that starts with it.</summary>
    public static Query Match(IndexKey key) => new(key.Kind, key, key);

    /// <summary>The records from a key on.</summary>
    public static Query From(IndexKey key) => new(key.Kind, key, null);

    /// <summary>This query, ending with <paramref name="key"/>.</summary>
    /// <exception cref="ArgumentException">The key is of another index.</exception>
    public Query To(IndexKey key) =>
        key.Kind == Kind ? this with { End = key } : throw new ArgumentException($"the end is a key of {key.Kind}, the query walks {Kind}", nameof(key));

    /// <summary>This query, yielding at most <paramref name="count"/> records.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public Query Take(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return this with { Limit = Math.Min(Limit, count) };
    }

    /// <summary>This query, walked the other way.</summary>
    public Query Reversed() => this with { IsReverse = !IsReverse };

    /// <summary>The query in the syntax of <see cref="QueryParser"/>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Start is not null && ReferenceEquals(Start, End))
        {
            Append(text, "WHERE", Start);
        }
        else
        {
            Append(text, "FROM", Start);
            Append(text, "TO", End);
        }

        Append(text, Limit == long.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $"LIMIT {Limit}"));
        Append(text, IsReverse ? "REVERSE" : "");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string keyword, IndexKey? key)
    {
        if (key is null)
        {
            return;
        }

        var operand = Encoding.UTF8.GetString(key.Bytes);
        var index = key.Kind == IndexKind.Meta ? "meta" : key.Kind.ToString().ToLowerInvariant();
        Invariant.Check(index.Length > 0);
        Append(text, $"{keyword} {index}{(key.IsPrefix ? "=" : "==")}\"{operand}\"");
    }

    private static void Append(StringBuilder text, string clause) =>
        text.Append(text.Length > 0 && clause.Length > 0 ? " " : "").Append(clause);
}
