using System.IO.Pipelines;
using System.Text;
using Wetware.Core;
using Wetware.Testing;
using Wetware.Wasm.Wasi;

namespace Wetware.Wasm.Tests;

/// <summary>Standard input: a guest can wait for it beside other things, and is told what is there and no more.</summary>
public sealed class InputTests : IDisposable
{
    private const int NonBlocking = 4;

    private readonly Pipe _pipe = new();
    private readonly WasiProbe _probe;

    public InputTests() => _probe = new WasiProbe(new WasiOptions { Input = _pipe.Reader.AsStream() });

    public void Dispose() => _probe.Dispose();

    [Fact]
    public async Task A_poll_ends_with_the_time_while_there_is_no_input_and_with_the_input_once_there_is()
    {
        Assert.Equal("t", _probe.Poll(0, 1));
        Assert.Equal("t", _probe.Poll(0, 1));
        var polled = Task.Run(() => _probe.Poll(0, 60_000), TestContext.Current.CancellationToken);
        await SendAsync("some");
        Assert.Equal("i", await polled);
        Assert.Equal("i", _probe.Poll(0, 60_000));
        Assert.Equal("some", Read());
        Assert.Equal("t", _probe.Poll(0, 1));
        await _pipe.Writer.CompleteAsync();
        Assert.Equal("i", _probe.Poll(0, 60_000));
        Assert.Equal("", Read());
        Assert.Equal("i", _probe.Poll(0, 60_000));
        Assert.Equal("", Read());
    }

    [Fact]
    public async Task A_read_that_must_not_wait_says_so_and_loses_nothing()
    {
        Assert.Equal(Errno.Success, _probe.Call("fd_fdstat_set_flags", Value.From(0), Value.From(NonBlocking)));
        Assert.Equal(Errno.Again, _probe.ReadFile(0));
        Assert.Equal(Errno.Again, _probe.ReadFile(0));
        await SendAsync("one");
        Assert.Equal("i", _probe.Poll(0, 60_000));
        Assert.Equal("one", Read());
        Assert.Equal(Errno.Again, _probe.ReadFile(0));
        await SendAsync("two");
        Assert.Equal("i", _probe.Poll(0, 60_000));
        Assert.Equal(Errno.Success, _probe.ReadInTwo(0, 1));
        Assert.Equal("two", _probe.Read);
    }

    [Fact]
    public async Task A_read_that_has_filled_its_first_buffer_does_not_wait_for_the_second()
    {
        await SendAsync("abc");
        Assert.Equal(Errno.Success, _probe.ReadInTwo(0, 3));
        Assert.Equal("abc", _probe.Read);
    }

    [Fact]
    public async Task Input_that_comes_in_pieces_of_any_size_is_read_whole_by_reads_and_polls_of_any_kind()
    {
        var turns = new Prng(Property.Seed());
        var sizes = turns.Fork();
        var sent = new byte[turns.Between(1, 300_000)];
        turns.Fill(sent);
        var sending = Task.Run(
            async () =>
            {
                for (var at = 0; at < sent.Length;)
                {
                    var count = Math.Min(sizes.Between(1, 1 << sizes.Between(0, 16)), sent.Length - at);
                    await _pipe.Writer.WriteAsync(sent.AsMemory(at, count), TestContext.Current.CancellationToken);
                    at += count;
                }

                await _pipe.Writer.CompleteAsync();
            },
            TestContext.Current.CancellationToken);
        var received = new List<byte>();
        while (true)
        {
            var isBlocking = turns.Chance(0.5);
            Assert.Equal(Errno.Success, _probe.Call("fd_fdstat_set_flags", Value.From(0), Value.From(isBlocking ? 0 : NonBlocking)));
            var errno = turns.Chance(0.5) ? _probe.ReadInTwo(0, turns.Between(0, 5000)) : _probe.ReadFile(0);
            if (errno == Errno.Again)
            {
                Assert.False(isBlocking);
                Assert.Equal("i", _probe.Poll(0, 60_000));
                continue;
            }

            Assert.Equal(Errno.Success, errno);
            if (_probe.Result == 0)
            {
                break;
            }

            received.AddRange(_probe.ReadBytes);
        }

        await sending;
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task A_guest_that_waits_for_input_is_stopped_even_if_the_stream_goes_on_waiting()
    {
        using var stream = new DeafStream();
        using var probe = new WasiProbe(new WasiOptions { Input = stream });
        var reading = Task.Run(() => probe.ReadFile(0), TestContext.Current.CancellationToken);
        await stream.Asked;
        probe.Stop();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private string Read()
    {
        Assert.Equal(Errno.Success, _probe.ReadFile(0));
        return _probe.Read;
    }

    private async Task SendAsync(string text) => await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>A stream whose reads never end, as those of a console do.</summary>
    private sealed class DeafStream : MemoryStream
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _asked.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return 0;
        }
    }
}
