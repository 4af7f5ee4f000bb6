using FsCheck.Fluent;
using Wetware.Core.Multiformats;
using Wetware.Testing;

namespace Wetware.Core.Tests.Multiformats;

public class MultiaddrTests
{
    [Theory]
    [InlineData("/ip4/127.0.0.1/tcp/2020", "047f0000010607e4")]
    [InlineData("/ip4/228.8.8.8/udp/8822/multicast/lo", "04e4080808 91022276 64026c6f")]
    [InlineData("/ip4/228.8.8.8/udp/8822/multicast/lo/survey", "04e4080808 91022276 64026c6f 65")]
    [InlineData("/ip4/10.0.1.0/udp/8822/cidr/24", "040a000100 91022276 6718")]
    [InlineData("/ip6/::1/udp/1/quic-v1", "2900000000000000000000000000000001 91020001 cd03")]
    [InlineData("/dns/example.org/tcp/443", "350b6578616d706c652e6f7267 0601bb")]
    [InlineData("/unix/tmp/ww.sock", "9003 0c2f746d702f77772e736f636b")]
    [InlineData("/ip4/1.2.3.4/tcp/1/tls/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", null)]
    public void Text_and_bytes_agree(string text, string? hex)
    {
        var address = Multiaddr.Parse(text);
        Assert.Equal(text, address.ToString());
        if (hex is not null)
        {
            Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(address.Bytes));
        }

        Assert.True(Multiaddr.TryFromBytes(address.Bytes, out var same));
        Assert.Equal(address, same);
        Assert.Equal(address.GetHashCode(), same.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("ip4/1.2.3.4")]
    [InlineData("/ip4")]
    [InlineData("/ip4/")]
    [InlineData("/ip4/1.2.3")]
    [InlineData("/ip4/01.2.3.4")]
    [InlineData("/ip4/::1")]
    [InlineData("/ip6/1.2.3.4")]
    [InlineData("/ip6/fe80::1%eth0")]
    [InlineData("/tcp/65536")]
    [InlineData("/tcp/-1")]
    [InlineData("/tcp/+1")]
    [InlineData("/tcp/ 1")]
    [InlineData("/ip4/1.2.3.4/cidr/129")]
    [InlineData("/ip4/1.2.3.4/carrier-pigeon/1")]
    [InlineData("/p2p/nobody")]
    [InlineData("/unix")]
    [InlineData("/dns//tcp/1")]
    public void Bad_text_is_refused_with_a_reason(string text)
    {
        Assert.False(Multiaddr.TryParse(text, out _, out var error));
        Assert.NotEmpty(error);
        Assert.Throws<FormatException>(() => Multiaddr.Parse(text));
    }

    [Fact]
    public void A_cidr_of_all_bits_is_the_widest() => Assert.True(Multiaddr.TryParse("/ip6/::/cidr/128", out _));

    [Fact]
    public void An_unknown_protocol_is_refused_without_harm() =>
        Assert.False(Multiaddr.TryFromBytes(Convert.FromHexString("e40f0474657374"), out _));

    [Fact]
    public void Any_bytes_either_are_an_address_that_survives_the_journey_or_are_refused()
    {
        var seeds = new[] { "/ip4/1.2.3.4/tcp/5", "/unix/a", "/dns/b/udp/7/multicast/lo/survey", "/ip6/::/cidr/7" };
        Property.Check(
            Gen.Zip(Gen.Elements(seeds), Gen.Zip(Gen.Choose(0, 30), Gen.Choose(0, 255))),
            draw =>
            {
                var bytes = Multiaddr.Parse(draw.Item1).Bytes.ToArray();
                bytes[draw.Item2.Item1 % bytes.Length] = (byte)draw.Item2.Item2;
                return !Multiaddr.TryFromBytes(bytes, out var address)
                    || (Multiaddr.TryParse(address.ToString(), out var back) && back.Equals(address));
            },
            cases: 2000);
    }

    [Fact]
    public void The_peer_of_an_address_is_found()
    {
        var id = PeerId.Parse("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
        var address = Multiaddr.Parse("/ip4/1.2.3.4/tcp/5").Append(Multiaddr.Parse($"/p2p/{id}"));
        Assert.Equal(id, address.Peer);
        Assert.True(address.TryFind(MultiaddrProtocol.Tcp, out var tcp));
        Assert.Equal(5, tcp.Port);
        Assert.True(Multiaddr.Parse("/tcp/5").Peer.IsNone);
    }
}
