using System.Runtime.InteropServices;

namespace Wetware.Cli;

/// <summary>
/// Turns the first SIGINT or SIGTERM into a cancellation. It listens before a command begins: one that is told to stop as soon as it says that it
/// runs must hear it. A second signal ends the process as if nobody listened, and so does a command that takes too long to end.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const int SignalExit = 128;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration[] _registrations;
    private Timer? _late;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear),
    ];

    public CancellationToken Token => _cancellation.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _late?.Dispose();
        _cancellation.Dispose();
    }

    private void Hear(PosixSignalContext context)
    {
        var late = new Timer(static code => Environment.Exit((int)code!), SignalExit + (context.Signal == PosixSignal.SIGINT ? 2 : 15), s_grace, Timeout.InfiniteTimeSpan);
        if (Interlocked.CompareExchange(ref _late, late, null) is not null)
        {
            late.Dispose();
            return;
        }

        context.Cancel = true;
        _cancellation.Cancel();
    }
}
