namespace Wetware.Core.Multiformats;

/// <summary>
/// base58btc: a big-endian number in the digits <c>1-9A-HJ-NP-Za-km-z</c>, one leading 1 per leading zero byte. The digits
/// ascend in ASCII, so texts of equal length order as their numbers do. Cost is quadratic, hence the length limit.
/// </summary>
public static class Base58
{
    /// <summary>The longest value this codec takes, in bytes: ids and hashes, not documents.</summary>
    public const int BytesMax = 128;

    /// <summary>No text of <see cref="BytesMax"/> bytes is longer than this many digits (138 / 100 &gt; log 256 / log 58).</summary>
    public const int DigitsMax = (BytesMax * 138 / 100) + 1;

    private const byte Invalid = 0xFF;

    private static readonly byte[] s_values = Values();

    private static ReadOnlySpan<byte> Digits => "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"u8;

    /// <summary>Writes the digits of <paramref name="source"/> as ASCII and returns how many.</summary>
    /// <param name="source">At most <see cref="BytesMax"/> bytes.</param>
    /// <param name="destination">At least <see cref="DigitsMax"/> bytes is always enough.</param>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Invariant.Check(source.Length <= BytesMax);
        var zeros = LeadingRun(source, 0);
        Span<byte> digits = stackalloc byte[DigitsMax];
        var count = 0;
        foreach (var value in source[zeros..])
        {
            var carry = (int)value;
            for (var i = 0; i < count; i++)
            {
                carry += digits[i] << 8;
                (carry, var digit) = Math.DivRem(carry, 58);
                digits[i] = (byte)digit;
            }

            for (; carry > 0; carry /= 58)
            {
                digits[count++] = (byte)(carry % 58);
            }
        }

        destination[..zeros].Fill(Digits[0]);
        for (var i = 0; i < count; i++)
        {
            destination[zeros + i] = Digits[digits[count - 1 - i]];
        }

        return zeros + count;
    }

    /// <summary>Reads ASCII digits; false if one is not in the alphabet or the value does not fit.</summary>
    /// <param name="digits">The text.</param>
    /// <param name="destination">Where the value goes.</param>
    /// <param name="written">The bytes of the value.</param>
    public static bool TryDecode(ReadOnlySpan<byte> digits, Span<byte> destination, out int written)
    {
        written = 0;
        if (digits.Length > DigitsMax)
        {
            return false;
        }

        var zeros = LeadingRun(digits, Digits[0]);
        Span<byte> bytes = stackalloc byte[DigitsMax];
        var count = 0;
        foreach (var digit in digits[zeros..])
        {
            var carry = (int)s_values[digit];
            if (carry == Invalid)
            {
                return false;
            }

            for (var i = 0; i < count; i++)
            {
                carry += bytes[i] * 58;
                bytes[i] = (byte)carry;
                carry >>= 8;
            }

            if (carry > 0)
            {
                bytes[count++] = (byte)carry;
            }
        }

        if (zeros + count > destination.Length)
        {
            return false;
        }

        destination[..zeros].Clear();
        for (var i = 0; i < count; i++)
        {
            destination[zeros + i] = bytes[count - 1 - i];
        }

        written = zeros + count;
        return true;
    }

    private static int LeadingRun(ReadOnlySpan<byte> source, byte of)
    {
        var end = source.IndexOfAnyExcept(of);
        return end < 0 ? source.Length : end;
    }

    private static byte[] Values()
    {
        var values = new byte[256];
        values.AsSpan().Fill(Invalid);
        for (var i = 0; i < Digits.Length; i++)
        {
            values[Digits[i]] = (byte)i;
        }

        return values;
    }
}
