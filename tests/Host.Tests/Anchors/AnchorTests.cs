using Wetware.Host.Services.Anchors;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using Wetware.Rpc.Transport;

namespace Wetware.Host.Tests.Anchors;

/// <summary>The registers of one node over a connection in memory.</summary>
public sealed class AnchorTests : IAsyncDisposable
{
    private readonly AnchorTree _tree = new();
    private readonly RpcConnection _server;
    private readonly RpcConnection _client;
    private readonly Anchor.Client _root;

    public AnchorTests()
    {
        var (here, there) = Transports.InMemory();
        using var root = Anchor.Client.Serve(new AnchorServer(_tree, _tree.Walk(null, default)));
        _server = RpcConnection.Start(there, RpcOptions.Default with { Bootstrap = root.Capability });
        _client = RpcConnection.Start(here);
        _root = _client.Bootstrap<Anchor.Client>();
    }

    public async ValueTask DisposeAsync()
    {
        _root.Dispose();
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Walking_makes_what_is_not_there_and_it_lasts_as_long_as_it_is_held_or_holds_something()
    {
        using (var deep = await WalkAsync(_root, "/a/b/c"))
        {
            Assert.Equal(["a"], await LsAsync(_root));
            using var middle = await WalkAsync(_root, "a/b");
            Assert.Equal(["c"], await LsAsync(middle));
            Assert.Equal(3, _tree.Count);
        }

        await UntilAsync(0);
        using (var kept = await WalkAsync(_root, "/x/y"))
        {
            Assert.True(await StoreAsync(kept, "one"));
        }

        await UntilAsync(2);
        Assert.Equal(["x"], await LsAsync(_root));
        using (var kept = await WalkAsync(_root, "/x/y"))
        {
            Assert.Equal("one", (await LoadAsync(kept)).Text);
            Assert.True(await ClearAsync(kept));
        }

        await UntilAsync(0);
        Assert.Empty(await LsAsync(_root));
    }

    [Fact]
    public async Task A_child_cannot_reach_its_parent()
    {
        using var child = await WalkAsync(_root, "/secret/child");
        using var above = await WalkAsync(child, "../../other");
        Assert.Equal(["other"], await LsAsync(child));
        Assert.Equal(["secret"], await LsAsync(_root));
    }

    [Fact]
    public async Task Children_are_listed_in_the_order_of_their_names()
    {
        using var c = await WalkAsync(_root, "c");
        using var a = await WalkAsync(_root, "a");
        using var b = await WalkAsync(_root, "b/deeper");
        Assert.Equal(["a", "b", "c"], await LsAsync(_root));
    }

    [Fact]
    public async Task A_value_is_not_overwritten_unless_that_is_asked_for()
    {
        using var anchor = await WalkAsync(_root, "/v");
        Assert.Equal((null, 0ul), await LoadAsync(anchor));
        Assert.True(await StoreAsync(anchor, "one"));
        Assert.False(await StoreAsync(anchor, "two"));
        Assert.Equal("one", (await LoadAsync(anchor)).Text);
        Assert.True(await StoreAsync(anchor, "two", overwrite: true));
        Assert.Equal("two", (await LoadAsync(anchor)).Text);
    }

    [Fact]
    public async Task Of_many_that_update_what_they_loaded_exactly_one_succeeds_each_time()
    {
        const int Writers = 8;
        const int Rounds = 50;
        using var anchor = await WalkAsync(_root, "/counter");
        Assert.True(await StoreAsync(anchor, "0"));
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            using var cell = anchor.Cell();
            for (var done = 0; done < Rounds;)
            {
                var (text, version) = await LoadAsync(anchor);
                var request = cell.Pipeline.Swapper.UpdateRequest();
                request.Params.Version = version;
                request.Params.InitNew().SetData(System.Text.Encoding.ASCII.GetBytes($"{int.Parse(text!, System.Globalization.CultureInfo.InvariantCulture) + 1}"));
                using var answer = request.Send();
                done += (await answer).Updated ? 1 : 0;
            }
        })));
        Assert.Equal($"{Writers * Rounds}", (await LoadAsync(anchor)).Text);
    }

    [Fact]
    public async Task Compare_and_swap_knows_bytes_and_objects()
    {
        using var anchor = await WalkAsync(_root, "/cas");
        using var cell = anchor.Cell();
        using var one = Process.Client.Serve(new Nobody());
        using var other = Process.Client.Serve(new Nobody());
        Assert.False(await SwapIfAsync(old => old.SetData("x"u8), value => value.SetProcess(one)));
        Assert.True(await SwapIfAsync(old => old.SetNull(), value => value.SetProcess(one)));
        Assert.False(await SwapIfAsync(old => old.SetProcess(other), value => value.SetNull()));
        Assert.False(await SwapIfAsync(old => old.SetNull(), value => value.SetNull()));
        Assert.True(await SwapIfAsync(old => old.SetProcess(one), value => value.SetData("y"u8)));
        Assert.True(await SwapIfAsync(old => old.SetData("y"u8), value => value.SetData("z"u8)));

        var swap = cell.Pipeline.Swapper.SwapRequest();
        swap.Params.InitNew().SetNull();
        using var swapped = swap.Send();
        Assert.Equal("z"u8.ToArray(), (await swapped).Old.Data.ToArray());

        async Task<bool> SwapIfAsync(Action<Anchor.Value.Builder> old, Action<Anchor.Value.Builder> value)
        {
            var request = cell.Pipeline.Swapper.CompareAndSwapRequest();
            old(request.Params.InitOld());
            value(request.Params.InitNew());
            using var answer = request.Send();
            return (await answer).Swapped;
        }
    }

    [Fact]
    public async Task A_stored_capability_is_called_by_whoever_loads_it_and_given_back_when_it_is_cleared()
    {
        var dropped = new TaskCompletionSource();
        using var anchor = await WalkAsync(_root, "/p");
        using (var process = Process.Client.Serve(new Nobody(dropped)))
        {
            Assert.True(await StoreAsync(anchor, wire => wire.SetProcess(process), overwrite: false));
        }

        using (var cell = anchor.Cell())
        using (var loaded = cell.Pipeline.Loader.Load())
        using (var wait = (await loaded).Value.Process.Wait())
        {
            Assert.Equal(77u, (await wait).ExitCode);
        }

        Assert.False(dropped.Task.IsCompleted);
        Assert.True(await ClearAsync(anchor));
        await dropped.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Every_limit_is_held_and_said()
    {
        using var anchor = await WalkAsync(_root, "/big");
        var large = new byte[Host.Services.Anchors.Limits.AnchorDataBytesMax + 1];
        var failure = await Assert.ThrowsAsync<RpcException>(() => StoreAsync(anchor, wire => wire.SetData(large), overwrite: false));
        Assert.Contains("an anchor holds at most 65536 bytes", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<RpcException>(() => StoreAsync(anchor, wire => wire.InitSession(), overwrite: false));
        Assert.Contains("an anchor holds data, a process or a capability", failure.Message, StringComparison.Ordinal);

        using var deep = await WalkAsync(_root, string.Concat(Enumerable.Repeat("/x", Host.Services.Anchors.Limits.AnchorDepthMax)));
        await Assert.ThrowsAsync<RpcException>(() => WalkAsync(deep, "y"));
    }

    [Fact]
    public void Anchors_and_their_bytes_are_bounded_for_the_node()
    {
        var tree = new AnchorTree();
        var held = Enumerable.Range(0, Host.Services.Anchors.Limits.AnchorsMax).Select(i => tree.Walk(null, AnchorPath.Parse($"n{i}"))).ToList();
        Assert.Throws<RpcException>(() => tree.Walk(null, AnchorPath.Parse("one-more")));
        held.ForEach(tree.Release);
        Assert.Equal(0, tree.Count);
    }

    private static async Task<Anchor.Client> WalkAsync(Anchor.Client from, string path)
    {
        using var answer = from.Walk(path);
        return (await answer).Anchor.AddRef();
    }

    private static async Task<List<string>> LsAsync(Anchor.Client anchor)
    {
        using var answer = anchor.Ls();
        var names = new List<string>();
        foreach (var child in (await answer).Children)
        {
            names.Add(child.Name.ToString());
        }

        return names;
    }

    private static Task<bool> StoreAsync(Anchor.Client anchor, string text, bool overwrite = false) =>
        StoreAsync(anchor, wire => wire.SetData(System.Text.Encoding.ASCII.GetBytes(text)), overwrite);

    private static Task<bool> ClearAsync(Anchor.Client anchor) => StoreAsync(anchor, static wire => wire.SetNull(), overwrite: true);

    private static async Task<bool> StoreAsync(Anchor.Client anchor, Action<Anchor.Value.Builder> write, bool overwrite)
    {
        using var cell = anchor.Cell();
        var request = cell.Pipeline.Storer.StoreRequest();
        write(request.Params.InitValue());
        request.Params.Overwrite = overwrite;
        using var answer = request.Send();
        return (await answer).Succeeded;
    }

    private static async Task<(string? Text, ulong Version)> LoadAsync(Anchor.Client anchor)
    {
        using var cell = anchor.Cell();
        using var answer = cell.Pipeline.Loader.Load();
        var results = await answer;
        return (results.Value.Which == Anchor.Value.Which.Data ? System.Text.Encoding.ASCII.GetString(results.Value.Data.Span) : null, results.Version);
    }

    /// <summary>Waits, in calls that take their turn behind what was let go of, until so many anchors are left.</summary>
    private async Task UntilAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_tree.Count != count)
        {
            patience.Token.ThrowIfCancellationRequested();
            using var root = _root.Cell();
            await root;
        }
    }

    private sealed class Nobody(TaskCompletionSource? dropped = null) : Process.IServer, IDisposable
    {
        public ValueTask WaitAsync(CallContext<Process.WaitParams.Reader, Process.WaitResults.Builder> call)
        {
            call.Results.ExitCode = 77;
            return ValueTask.CompletedTask;
        }

        public void Dispose() => dropped?.TrySetResult();
    }
}
