using System.Text;
using Wetware.Core.Multiformats;
using Wetware.Crawler;
using Wetware.Crawler.Fetch;
using Wetware.Host.Services.Processes;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using Wetware.Wasm;

namespace Wetware.Host.Services.Crawling;

/// <summary>
/// Runs the program of a crawl, once for each page: the page on standard input, the item on standard output, no capability, and limits on time, memory
/// and output. Whatever it does is told of its page and touches no other. Safe for concurrent use.
/// </summary>
internal sealed class RomProcessor(ProcessTable table, Cid cid, CompiledModule module, TimeSpan timeMax) : IItemProcessor, IDisposable
{
    private const int ErrorBytesMax = 4 << 10;
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // A page waits for its turn rather than for a processor.
    private readonly SemaphoreSlim _turns = new(2 * Environment.ProcessorCount);
    private readonly ProcessGroup _group = new(ProcessTable.Root, new SessionBudget());

    public async ValueTask<ItemExtract> ProcessAsync(UrlTask task, Visit visit, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await RunAsync(task, visit, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException refused)
        {
            // The node runs as many programs as it may.
            return Fault(refused.Message);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task<ItemExtract> RunAsync(UrlTask task, Visit visit, CancellationToken cancellationToken)
    {
        using var input = new MemoryStream(PageEnvelope.Encode(task, visit), writable: false);
        using var output = new ItemStream(Wetware.Crawler.Limits.ItemBytesMax);
        using var error = new ItemStream(ErrorBytesMax);
        var spec = new ProcessSpec(
            cid,
            module,
            [cid.ToString(), task.Url.Text],
            new Dictionary<string, string>(StringComparer.Ordinal),
            new ProcessStreams(input, output, error),
            Session: null,
            static _ => default)
        {
            WallTimeMax = timeMax,
        };
        var process = table.Start(spec, _group);
        await using var kill = cancellationToken.UnsafeRegister(static (state, _) => ((GuestProcess)state!).Kill(), process).ConfigureAwait(false);
        if (await Task.WhenAny(process.Completion, output.Full).ConfigureAwait(false) == output.Full)
        {
            process.Kill();
        }

        var end = await process.Completion.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return output.Full.IsCompleted
            ? Fault($"the program wrote more than {Wetware.Crawler.Limits.ItemBytesMax} bytes")
            : end.Ending == Ending.Exited
            ? Read(end.ExitCode, output, error)
            : Fault($"the program {(end.Ending == Ending.Killed ? "was killed" : "trapped: " + end.Reason)}");
    }

    private static ItemExtract Read(uint exitCode, ItemStream output, ItemStream error)
    {
        if (exitCode != 0)
        {
            var said = Encoding.UTF8.GetString(error.Written).Split('\n')[0];
            return Fault($"the program exited with {exitCode}{(said.Length > 0 ? ": " + said : string.Empty)}");
        }

        try
        {
            return new ItemExtract(s_strict.GetString(output.Written), string.Empty);
        }
        catch (DecoderFallbackException)
        {
            return Fault("the program wrote what is not UTF-8");
        }
    }

    private static ItemExtract Fault(string what) => new(string.Empty, what);
}
