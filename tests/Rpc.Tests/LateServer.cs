using System.Collections.Concurrent;

namespace Wetware.Rpc.Tests;

/// <summary>Answers every call only when it is told to, all with the same bytes.</summary>
internal sealed class LateServer : ICapabilityServer
{
    private readonly ConcurrentQueue<TaskCompletionSource<byte[]>> _calls = [];

    /// <summary>Run before each answer.</summary>
    public Action BeforeAnswer { get; set; } = static () => { };

    /// <summary>
    /// Answers the calls that wait, one after another: each waits for a source of its own, since one that many wait for lets them go on on several threads,
    /// and so does a thread with a context of its own, as a test's is.
    /// </summary>
    public Task AnswerAsync(byte[] data) => Task.Run(() =>
    {
        while (_calls.TryDequeue(out var call))
        {
            call.SetResult(data);
        }
    });

    public async ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
    {
        var waiting = new TaskCompletionSource<byte[]>();
        _calls.Enqueue(waiting);
        var data = await waiting.Task.ConfigureAwait(false);
        BeforeAnswer();
        call.Results.InitStruct(new(0, 1)).GetPointer(0).SetData(data);
    }
}
