using Wetware.Client.Net;
using Wetware.Core.Multiformats;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;
using Wetware.Wasm;

namespace Wetware.Host.Services.Processes;

/// <summary>What to run, and with what. Owns the references in it.</summary>
/// <param name="Cid">The module's bytes.</param>
/// <param name="Module">Them, compiled.</param>
/// <param name="Arguments">All arguments, the program's name first.</param>
/// <param name="Environment">The environment.</param>
/// <param name="Streams">The standard streams.</param>
/// <param name="Session">What the program may ask for over its socket; nothing if null.</param>
/// <param name="NewExecutor">Makes an executor that belongs to a process.</param>
internal sealed record ProcessSpec(
    Cid Cid,
    CompiledModule Module,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    ProcessStreams Streams,
    HeldSession? Session,
    Func<uint, Executor.Client> NewExecutor) : IDisposable
{
    /// <summary>Whether the program finds an executor in its session.</summary>
    public bool HasExecutor { get; init; }

    /// <summary>How long it may run, if that is less than what any process may.</summary>
    public TimeSpan? WallTimeMax { get; init; }

    /// <summary>Module "ww", which holds the socket.</summary>
    private const string SocketModule = "ww";

    /// <summary>Whether the program uses its socket: one that does not gets none.</summary>
    public bool HasSocket => Module.Imports.Any(static import => import.Module == SocketModule);

    public void Dispose()
    {
        Streams.Dispose();
        Session?.Dispose();
    }
}
