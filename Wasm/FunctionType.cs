namespace Wetware.Wasm;

/// <summary>What a function takes and returns. Two of them are equal when their types are.</summary>
public sealed class FunctionType : IEquatable<FunctionType>
{
    private const int SlotBits = 3;
    private const int SlotsInKey = 20;
    private const ulong Arrow = 7;

    private readonly ValType[] _parameters;
    private readonly ValType[] _results;

    /// <summary>Makes a type of its parameters and results; the arrays are owned by it from now on.</summary>
    public FunctionType(ValType[] parameters, ValType[] results)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(results);
        _parameters = parameters;
        _results = results;
        Key = KeyOf(parameters, results);
    }

    /// <summary>The types of the parameters, in order.</summary>
    public ReadOnlySpan<ValType> Parameters => _parameters;

    /// <summary>The types of the results, in order.</summary>
    public ReadOnlySpan<ValType> Results => _results;

    /// <summary>
    /// A number that is the same for equal types. Invariant: when it is not negative, only equal types share it, so an
    /// indirect call compares one number; longer types share the key -1 and are compared slot by slot.
    /// </summary>
    internal long Key { get; }

    /// <inheritdoc/>
    public bool Equals(FunctionType? other) =>
        other is not null
        && (ReferenceEquals(this, other)
            || (Key == other.Key && (Key >= 0 || (Parameters.SequenceEqual(other.Parameters) && Results.SequenceEqual(other.Results)))));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FunctionType);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, _parameters.Length, _results.Length);

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(' ', _parameters)}] -> [{string.Join(' ', _results)}]";

    private static long KeyOf(ValType[] parameters, ValType[] results)
    {
        if (parameters.Length + results.Length + 1 > SlotsInKey)
        {
            return -1;
        }

        // The leading one marks the length: without it, leading zero slots would be lost.
        ulong key = 1;
        foreach (var type in parameters)
        {
            key = (key << SlotBits) | Slot(type);
        }

        key = (key << SlotBits) | Arrow;
        foreach (var type in results)
        {
            key = (key << SlotBits) | Slot(type);
        }

        return (long)key;
    }

    private static ulong Slot(ValType type) => type switch
    {
        ValType.I32 => 1,
        ValType.I64 => 2,
        ValType.F32 => 3,
        ValType.F64 => 4,
        ValType.V128 => 5,
        ValType.FuncRef => 6,
        _ => 0,
    };
}
