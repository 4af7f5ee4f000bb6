using System.Diagnostics;
using Wetware.Rpc.Hooks;

namespace Wetware.Rpc;

/// <summary>
/// Finds references that were collected without having been disposed. On in debug builds of this library; elsewhere the
/// switch <c>Wetware.Rpc.LeakDetection</c> of the runtime's configuration turns it on. Off, it costs one field per reference.
/// </summary>
public static class LeakDetector
{
    private static long s_found;

    /// <summary>
    /// Raised once per lost reference, with where it was made: while anyone listens, every new reference notes its stack, which takes
    /// some microseconds. Runs on the finalizer thread: a handler must neither wait nor throw.
    /// </summary>
    public static event Action<string>? Found;

    /// <summary>Whether references are watched; decided when the process starts.</summary>
    public static bool IsOn { get; } = AppContext.TryGetSwitch("Wetware.Rpc.LeakDetection", out var isOn) ? isOn : IsDebugBuild;

    /// <summary>How many were found since the start.</summary>
    public static long Count => Volatile.Read(ref s_found);

#if DEBUG
    private const bool IsDebugBuild = true;
#else
    private const bool IsDebugBuild = false;
#endif

    /// <summary>Watches a reference, if it holds anything.</summary>
    /// <returns>To be told when it is disposed; null if nothing is watched.</returns>
    internal static Watch? Begin(ClientHook hook) => IsOn && hook is not BrokenHook ? new Watch() : null;

    /// <summary>Lives as long as the reference that it watches.</summary>
    internal sealed class Watch : IDisposable
    {
        private readonly StackTrace? _made = Found is null ? null : new StackTrace(fNeedFileInfo: false);

        ~Watch()
        {
            Interlocked.Increment(ref s_found);
            Found?.Invoke(_made?.ToString() ?? "made before anyone listened");
        }

        /// <summary>The reference was disposed.</summary>
        public void Dispose() => GC.SuppressFinalize(this);
    }
}
