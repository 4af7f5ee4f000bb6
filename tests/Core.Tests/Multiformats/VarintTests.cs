using FsCheck.Fluent;
using Wetware.Core.Multiformats;
using Wetware.Testing;

namespace Wetware.Core.Tests.Multiformats;

public class VarintTests
{
    [Fact]
    public void Every_number_survives_the_journey() =>
        Property.Check(
            Gen.Zip(Gen.Choose(0, 62), ArbMap.Default.ArbFor<ulong>().Generator),
            pair =>
            {
                var number = pair.Item2 & ((1UL << (pair.Item1 + 1)) - 1);
                Span<byte> bytes = stackalloc byte[Varint.BytesMax];
                var length = Varint.Write(bytes, number);
                ReadOnlySpan<byte> source = bytes[..length];
                return length == Varint.Length(number) && Varint.TryRead(ref source, out var back) && back == number && source.IsEmpty;
            });

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8000")]
    [InlineData("ff80808000")]
    [InlineData("80808080808080808001")]
    public void Truncated_padded_and_overlong_forms_are_refused(string hex)
    {
        ReadOnlySpan<byte> source = Convert.FromHexString(hex);
        Assert.False(Varint.TryRead(ref source, out _));
    }

    [Theory]
    [InlineData("01", 1UL)]
    [InlineData("7f", 127UL)]
    [InlineData("8001", 128UL)]
    [InlineData("ff01", 255UL)]
    [InlineData("ac02", 300UL)]
    [InlineData("808001", 16384UL)]
    public void The_examples_of_the_specification_hold(string hex, ulong expected)
    {
        ReadOnlySpan<byte> source = Convert.FromHexString(hex);
        Assert.True(Varint.TryRead(ref source, out var value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void A_length_beyond_the_end_is_refused()
    {
        ReadOnlySpan<byte> source = [3, 1, 2];
        Assert.False(Varint.TryReadPrefixed(ref source, out _));
    }
}
