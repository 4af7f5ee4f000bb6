namespace Wetware.Core.Multiformats;

/// <summary>
/// Unsigned variable-length integers as multiformats defines them: seven bits per byte, least significant group first,
/// at most nine bytes, and always the shortest form (https://github.com/multiformats/unsigned-varint).
/// </summary>
public static class Varint
{
    /// <summary>The longest form, in bytes: 63 bits.</summary>
    public const int BytesMax = 9;

    /// <summary>The largest number that has a form.</summary>
    public const ulong ValueMax = long.MaxValue;

    /// <summary>How many bytes <paramref name="value"/> takes.</summary>
    public static int Length(ulong value)
    {
        Invariant.Check(value <= ValueMax);
        var length = 1;
        for (; value >= 0x80; value >>= 7)
        {
            length++;
        }

        return length;
    }

    /// <summary>Writes <paramref name="value"/> to the start of <paramref name="destination"/> and returns the bytes used.</summary>
    public static int Write(Span<byte> destination, ulong value)
    {
        Invariant.Check(value <= ValueMax);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            destination[length++] = (byte)(value | 0x80);
        }

        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>
    /// Reads a number from the start of <paramref name="source"/> and moves past it; false if it is truncated, too long or padded.
    /// </summary>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        for (var i = 0; i < source.Length && i < BytesMax; i++)
        {
            var group = source[i];
            value |= (ulong)(group & 0x7F) << (7 * i);
            if (group >= 0x80)
            {
                continue;
            }

            if (group == 0 && i > 0)
            {
                return false;
            }

            source = source[(i + 1)..];
            return true;
        }

        return false;
    }

    /// <summary>Reads a length and that many bytes, and moves past both; false if either is truncated.</summary>
    public static bool TryReadPrefixed(scoped ref ReadOnlySpan<byte> source, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryRead(ref source, out var length) || length > (ulong)source.Length)
        {
            return false;
        }

        value = source[..(int)length];
        source = source[(int)length..];
        return true;
    }
}
