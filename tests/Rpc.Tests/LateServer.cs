namespace Wetware.Rpc.Tests;

/// <summary>Lets calls wait until it is told to answer them; answers those that come later at once. All get the same bytes.</summary>
internal sealed class LateServer : ICapabilityServer
{
    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource> _waiting = [];
    private byte[]? _data;

    /// <summary>Run before each answer.</summary>
    public Action BeforeAnswer { get; set; } = static () => { };

    /// <summary>
    /// Answers the calls that wait, one after another: each waits for a source of its own, since one that many wait for lets them go on on
    /// several threads, and so does a thread with a context of its own, as a test's is.
    /// </summary>
    public Task AnswerAsync(byte[] data) => Task.Run(() =>
    {
        lock (_lock)
        {
            _data = data;
        }

        _waiting.ForEach(static call => call.SetResult());
    });

    public async ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
    {
        await AnsweredAsync().ConfigureAwait(false);
        BeforeAnswer();
        call.Results.InitStruct(new(0, 1)).GetPointer(0).SetData(_data);
    }

    private Task AnsweredAsync()
    {
        lock (_lock)
        {
            if (_data is not null)
            {
                return Task.CompletedTask;
            }

            var waiting = new TaskCompletionSource();
            _waiting.Add(waiting);
            return waiting.Task;
        }
    }
}
