using System.Text;
using Wetware.Core.Multiformats;

namespace Wetware.Core.Tests.Multiformats;

public class CidTests
{
    // As "ipfs add --cid-version=1 --raw-leaves" names them.
    [Theory]
    [InlineData("", "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")]
    [InlineData("hello world", "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e")]
    public void Content_has_the_name_that_others_give_it(string content, string name)
    {
        var cid = Cid.Of(Encoding.UTF8.GetBytes(content));
        Assert.Equal(name, cid.ToString());
        Assert.True(Cid.TryParse(name, out var parsed));
        Assert.Equal(cid, parsed);
        Assert.True(Cid.TryFromBytes(cid.Span, out var read));
        Assert.Equal(cid, read);
        Assert.Equal(cid.GetHashCode(), read.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk")]
    [InlineData("zafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk1")]
    [InlineData("bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")]
    public void Other_text_is_refused(string text) => Assert.False(Cid.TryParse(text, out _));

    [Fact]
    public void Other_bytes_are_refused()
    {
        var bytes = Cid.Of([1, 2, 3]).Span.ToArray();
        for (var i = 0; i < 4; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 1;
            Assert.False(Cid.TryFromBytes(changed, out _));
        }

        Assert.False(Cid.TryFromBytes(bytes.AsSpan(1), out _));
        Assert.True(default(Cid).IsNone);
        Assert.NotEqual(Cid.Of([1]), Cid.Of([2]));
    }
}
