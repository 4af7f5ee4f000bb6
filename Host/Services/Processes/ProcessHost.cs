using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Services.Processes;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Processes;

/// <summary>
/// Runs WebAssembly programs in this process, without a node: what <c>ww run</c> does. A program holds the session that it is started with, which may
/// be one of a cluster far away. Safe for concurrent use.
/// </summary>
public sealed class ProcessHost : IAsyncDisposable
{
    private readonly ProcessTable _table;
    private readonly Executor.Client _executor;

    /// <summary>Makes a place for programs; none runs yet.</summary>
    /// <param name="options">What they may use.</param>
    /// <param name="logs">Where their comings and goings are logged; nowhere if null.</param>
    /// <exception cref="WetwareOptionsException">An option cannot work.</exception>
    public ProcessHost(ProcessOptions? options = null, ILoggerFactory? logs = null)
    {
        options ??= ProcessOptions.Default;
        if (options.Reject() is { } reason)
        {
            throw new WetwareOptionsException(reason);
        }

        _table = new ProcessTable(options, (logs ?? NullLoggerFactory.Instance).CreateLogger("Wetware"));
        _executor = Executor.Client.Serve(new ExecutorServer(_table, new BytecodeStore(options), new ProcessGroup(ProcessTable.Root, new SessionBudget())));
        Processes = new ProcessClient(_executor);
    }

    /// <summary>The programs.</summary>
    public ProcessClient Processes { get; }

    /// <summary>Kills the programs that run, and waits for them to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _table.DisposeAsync().ConfigureAwait(false);
        _executor.Dispose();
    }
}
