using Wetware.Host.Services.Anchors;
using Wetware.Rpc;

namespace Wetware.Host.Tests.Anchors;

public class AnchorPathTests
{
    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("foo", "/foo")]
    [InlineData("/foo/", "/foo")]
    [InlineData("//foo//bar", "/foo/bar")]
    [InlineData("/foo/./bar", "/foo/bar")]
    [InlineData("/foo/../bar", "/bar")]
    [InlineData("/../../foo", "/foo")]
    [InlineData("..", "/")]
    [InlineData("/foo/..", "/")]
    [InlineData("/!\"#$%&'()*+,-.0123456789:;<=>?@[]^_`{|}~", "/!\"#$%&'()*+,-.0123456789:;<=>?@[]^_`{|}~")]
    public void A_path_is_cleaned_and_cannot_lead_above_where_it_starts(string text, string clean) => Assert.Equal(clean, AnchorPath.Parse(text).ToString());

    [Theory]
    [InlineData("/a b")]
    [InlineData("/a\\b")]
    [InlineData("/a\tb")]
    [InlineData("/a\u007f")]
    [InlineData("/ä")]
    [InlineData("/\0")]
    public void What_cannot_be_printed_in_ASCII_is_no_path(string text) => Assert.Throws<RpcException>(() => AnchorPath.Parse(text));

    [Fact]
    public void Length_and_depth_are_bounded()
    {
        var deepest = string.Concat(Enumerable.Repeat("/x", Host.Services.Anchors.Limits.AnchorDepthMax));
        Assert.Equal(deepest, AnchorPath.Parse(deepest).ToString());
        Assert.Throws<RpcException>(() => AnchorPath.Parse(deepest + "/x"));
        Assert.Throws<RpcException>(() => AnchorPath.Parse(new string('x', Host.Services.Anchors.Limits.AnchorPathCharsMax + 1)));
    }
}
