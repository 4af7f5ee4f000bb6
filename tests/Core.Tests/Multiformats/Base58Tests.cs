using System.Numerics;
using System.Text;
using FsCheck.Fluent;
using Wetware.Core.Multiformats;
using Wetware.Testing;

namespace Wetware.Core.Tests.Multiformats;

public class Base58Tests
{
    // Source: draft-msporny-base58-03, section 5.
    [Theory]
    [InlineData("48656c6c6f20576f726c6421", "2NEpo7TZRRrLZSi2U")]
    [InlineData("54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f672e",
        "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z")]
    [InlineData("0000287fb4cd", "11233QC4")]
    public void The_test_vectors_of_the_draft_hold(string hex, string text)
    {
        Assert.Equal(text, Encode(Convert.FromHexString(hex)));
        Assert.Equal(hex, Convert.ToHexStringLower(Decode(text)!));
    }

    [Fact]
    public void It_agrees_with_the_obviously_right_conversion() =>
        Property.Check(
            ArbMap.Default.ArbFor<byte[]>(),
            bytes =>
            {
                bytes = bytes.Length > Base58.BytesMax ? bytes[..Base58.BytesMax] : bytes;
                return Encode(bytes) == Slow(bytes) && Decode(Encode(bytes))!.AsSpan().SequenceEqual(bytes);
            });

    [Theory]
    [InlineData("0")]
    [InlineData("O")]
    [InlineData("I")]
    [InlineData("l")]
    [InlineData("Qm+")]
    [InlineData("Qm\u00e4")]
    public void Digits_outside_the_alphabet_are_refused(string text) => Assert.Null(Decode(text));

    [Fact]
    public void Text_longer_than_any_value_is_refused() => Assert.Null(Decode(new string('z', Base58.DigitsMax + 1)));

    [Fact]
    public void The_longest_value_of_the_largest_bytes_fits()
    {
        var bytes = new byte[Base58.BytesMax];
        bytes.AsSpan().Fill(0xFF);
        Assert.Equal(bytes, Decode(Encode(bytes)));
    }

    private static string Encode(byte[] bytes)
    {
        var digits = new byte[Base58.DigitsMax];
        return Encoding.ASCII.GetString(digits, 0, Base58.Encode(bytes, digits));
    }

    private static byte[]? Decode(string text)
    {
        var bytes = new byte[Base58.DigitsMax];
        return Base58.TryDecode(Encoding.UTF8.GetBytes(text), bytes, out var written) ? bytes[..written] : null;
    }

    private static string Slow(byte[] bytes)
    {
        const string Digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = new StringBuilder();
        for (; number > 0; number /= 58)
        {
            text.Insert(0, Digits[(int)(number % 58)]);
        }

        var zeros = bytes.TakeWhile(b => b == 0).Count();
        return new string('1', zeros) + text;
    }
}
