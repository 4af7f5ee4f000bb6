using Wetware.Cli.Tests.Programs;

namespace Wetware.Cli.Tests.BadInput;

/// <summary>Command lines that cannot be meant: refused with code 2 and one line, before anything is touched.</summary>
public class CommandLineTests
{
    [Theory]
    [InlineData("start")]
    [InlineData("ls")]
    [InlineData("status")]
    [InlineData("crawl", "http://127.0.0.1/")]
    [InlineData("results")]
    [InlineData("cancel", "1")]
    [InlineData("demo")]
    public async Task An_unknown_flag(params string[] command) =>
        (await Ww.RunAsync([.. command, "--nope"])).Refused(2, "unknown option '--nope'", $"ww {command[0]} --help");

    [Fact]
    public async Task An_unknown_command() => (await Ww.RunAsync("fly")).Refused(2, "unknown command 'fly'", "ww --help");

    [Fact]
    public async Task No_command() => (await Ww.RunAsync()).Refused(2, "ww --help");

    [Theory]
    [InlineData("start", "--listen", "nonsense")]
    [InlineData("start", "--listen", "/ip4/127.0.0.1/udp/9000")]
    [InlineData("start", "--join", "/ip4/300.0.0.1/tcp/1")]
    [InlineData("ls", "--join", "/ip4/127.0.0.1/tcp/65536")]
    [InlineData("crawl", "http://127.0.0.1/", "--join", "/ip4/127.0.0.1/tcp")]
    public async Task A_malformed_multiaddr(params string[] command) => (await Ww.RunAsync(command)).Refused(2, $"'{command[^1]}'");

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("127.0.0.1")]
    [InlineData("http://")]
    public async Task A_URL_that_cannot_be_crawled(string url) => (await Ww.RunAsync("crawl", url)).Refused(2, $"'{url}' is no http or https URL");

    [Theory]
    [InlineData("results", "first")]
    [InlineData("crawl", "http://127.0.0.1/", "--workers", "-1")]
    [InlineData("ls", "--timeout", "soon")]
    [InlineData("ls", "--timeout", "0")]
    [InlineData("cancel", "all")]
    [InlineData("start", "--meta", "region")]
    public async Task A_value_of_the_wrong_kind(params string[] command) => (await Ww.RunAsync(command)).Refused(2, $"'{command[^1]}'");

    [Fact]
    public async Task A_query_that_breaks_off_is_shown_with_the_place_where_it_does() =>
        (await Ww.RunAsync("ls", "WHERE")).Complained(2, "ww: bad query", "\nWHERE\n     ^\n", "WHERE needs a key");
}
