using FsCheck.Fluent;
using Wetware.Testing;

namespace Wetware.Core.Tests;

public class PeerIdTests
{
    // Source: libp2p specs, peer-ids/peer-ids.md: examples of a SHA-256 and of an identity (Ed25519) id.
    [Theory]
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", 34)]
    [InlineData("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA", 38)]
    public void Published_ids_parse_and_print(string text, int length)
    {
        var id = PeerId.Parse(text);
        Assert.Equal(length, id.Length);
        Assert.Equal(text, id.ToString());
        Assert.Equal(text, $"{id}");
        Assert.True(PeerId.TryFromBytes(id.Bytes, out var same));
        Assert.Equal(id, same);
        Assert.Equal(id.GetHashCode(), same.GetHashCode());
    }

    [Fact]
    public void An_Ed25519_key_is_kept_whole()
    {
        // Source: libp2p specs, peer-ids: the protobuf Ed25519 test key.
        var key = Convert.FromHexString("080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e");
        var id = PeerId.FromPublicKey(key);
        Assert.Equal(key, id.Bytes[2..].ToArray());
        Assert.StartsWith("12D3Koo", id.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Qm")]
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5")]
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5NN")]
    [InlineData("0mYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void Other_text_is_refused(string text)
    {
        Assert.False(PeerId.TryParse(text.AsSpan(), out var id));
        Assert.True(id.IsNone);
        Assert.Throws<FormatException>(() => PeerId.Parse(text));
    }

    [Fact]
    public void Any_bytes_either_are_an_id_that_survives_the_journey_or_are_refused() =>
        Property.Check(
            ArbMap.Default.ArbFor<byte[]>(),
            bytes => !PeerId.TryFromBytes(bytes, out var id) || (id.Bytes.SequenceEqual(bytes) && PeerId.Parse(id.ToString()) == id));

    [Fact]
    public void Equality_order_and_text_agree() =>
        Property.Check(
            Gen.Zip(Gen.Choose(0, 8), Gen.Choose(0, 8)),
            pair =>
            {
                var one = Number(pair.Item1);
                var two = Number(pair.Item2);
                var text = Math.Sign(string.CompareOrdinal(one.ToString(), two.ToString()));
                return (one == two) == (pair.Item1 == pair.Item2) && Math.Sign(one.CompareTo(two)) == text;
            });

    private static PeerId Number(int n)
    {
        var key = new byte[64];
        key[5] = (byte)n;
        return PeerId.FromPublicKey(key);
    }
}
