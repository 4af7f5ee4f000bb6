using Wetware.Host.Services.Processes;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Crawling;

/// <summary>Crawls, which the workers of every node carry out.</summary>
internal sealed class CrawlsService(CrawlBook book, BytecodeStore bytecode) : IService
{
    private readonly CrawlService.Client _crawler = CrawlService.Client.Serve(new CrawlServer(book, bytecode));

    public string Name => ServiceNames.Crawls;

    public IServiceSession Open(SessionOpening session) => new Lent(wire => wire.SetCrawler(_crawler));

    public void Withhold(Session.Builder wire) => wire.SetCrawler(default);

    public ValueTask DisposeAsync()
    {
        _crawler.Dispose();
        return default;
    }
}
