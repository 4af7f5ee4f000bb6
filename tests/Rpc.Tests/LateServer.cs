namespace Wetware.Rpc.Tests;

/// <summary>Answers all its calls at once, when it is told to.</summary>
internal sealed class LateServer : ICapabilityServer
{
    private readonly TaskCompletionSource<byte[]> _answer = new();

    /// <summary>Run before each answer.</summary>
    public Action BeforeAnswer { get; set; } = static () => { };

    /// <summary>Answers, one after another on one thread: a test's own thread has a context of its own, so that what waits would go on elsewhere, all at once.</summary>
    public Task AnswerAsync(byte[] data) => Task.Run(() => _answer.SetResult(data));

    public async ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
    {
        var data = await _answer.Task.ConfigureAwait(false);
        BeforeAnswer();
        call.Results.InitStruct(new(0, 1)).GetPointer(0).SetData(data);
    }
}
