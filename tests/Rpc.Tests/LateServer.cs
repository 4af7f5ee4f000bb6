namespace Wetware.Rpc.Tests;

/// <summary>Answers all its calls at once, when it is told to.</summary>
internal sealed class LateServer(int calls) : ICapabilityServer
{
    private readonly TaskCompletionSource<byte[]> _answer = new();
    private readonly TaskCompletionSource _allWait = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>Completes when every call has come.</summary>
    public Task AllWait => _allWait.Task;

    /// <summary>Run before each answer.</summary>
    public Action BeforeAnswer { get; set; } = static () => { };

    /// <summary>Answers, one after another on this thread.</summary>
    public void Answer(byte[] data) => _answer.SetResult(data);

    public async ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
    {
        if (Interlocked.Increment(ref _waiting) == calls)
        {
            _allWait.SetResult();
        }

        var data = await _answer.Task.ConfigureAwait(false);
        BeforeAnswer();
        call.Results.InitStruct(new(0, 1)).GetPointer(0).SetData(data);
    }
}
