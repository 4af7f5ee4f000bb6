namespace Wetware.Fuzz.Linearizability;

/// <summary>What a queue holds, first out first. Immutable; equal if the contents are.</summary>
internal sealed class QueueContents : IEquatable<QueueContents>
{
    private readonly long[] _values;
    private readonly int _hash;

    private QueueContents(long[] values)
    {
        _values = values;
        var hash = default(HashCode);
        foreach (var value in values)
        {
            hash.Add(value);
        }

        _hash = hash.ToHashCode();
    }

    public static QueueContents None { get; } = new([]);

    /// <summary>The value that goes out next, or <see cref="QueueCall.Empty"/>.</summary>
    public long First => _values.Length == 0 ? QueueCall.Empty : _values[0];

    public QueueContents With(long value) => new([.. _values, value]);

    /// <summary>The contents after a dequeue; the same where there is nothing.</summary>
    public QueueContents Rest() => _values.Length switch
    {
        0 => this,
        1 => None,
        _ => new QueueContents(_values[1..]),
    };

    public bool Equals(QueueContents? other) => other is not null && _hash == other._hash && _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as QueueContents);

    public override int GetHashCode() => _hash;
}
