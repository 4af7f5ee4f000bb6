namespace Wetware.Rpc.Tests;

/// <summary>Where a program goes on when its answer has come.</summary>
public sealed class ContinuationTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Elsewhere_a_program_may_block_for_the_next_answer_of_the_same_connection()
    {
        var server = new LateServer();
        await using var pair = Pair.InMemory(server, RpcOptions.Default with { RunContinuationsAsynchronously = true });
        using var remote = pair.Client.Bootstrap();
        var blocking = BlockAsync(remote);
        await server.AnswerAsync([1, 2, 3]);
        Assert.True(await blocking.WaitAsync(s_patience, TestContext.Current.CancellationToken));
    }

    private static async Task<bool> BlockAsync(Capability remote)
    {
        using var first = remote.NewRequest(1, 0).Send();
        await first;
        var second = remote.NewRequest(1, 0).Send().WhenDoneAsync();
        return ((IAsyncResult)second).AsyncWaitHandle.WaitOne(s_patience / 2);
    }
}
