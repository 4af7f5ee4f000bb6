using System.IO.Pipelines;
using System.Text;
using Wetware.Wasm.Wasi;

namespace Wetware.Wasm.Tests;

/// <summary>What Go's runtime asks of its host beyond what other languages do.</summary>
public class GoTests
{
    [Fact]
    public async Task Goroutines_sleep_and_compute_while_one_waits_for_input()
    {
        var input = new Pipe();
        var output = new Pipe();
        using var process = new WasiProcess(new WasiOptions
        {
            Arguments = ["go", "together"],
            Input = input.Reader.AsStream(),
            Output = output.Writer.AsStream(),
        });
        var instance = Guests.Instantiate(Guests.Program("go"), imports: process.Define(new Imports()));
        var running = Task.Run(() => WasiProcess.Run(instance), TestContext.Current.CancellationToken);
        using var lines = new StreamReader(output.Reader.AsStream());
        Assert.Equal("squares: 338350", await lines.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal("still waiting: true", await lines.ReadLineAsync(TestContext.Current.CancellationToken));
        await input.Writer.WriteAsync("in two "u8.ToArray(), TestContext.Current.CancellationToken);
        await input.Writer.WriteAsync("pieces\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await input.Writer.CompleteAsync();
        Assert.Equal("in: in two pieces", await lines.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0u, await running);
    }

    [Fact]
    public void A_panic_is_told_on_standard_error_and_ends_with_2()
    {
        using var error = new MemoryStream();
        using var process = new WasiProcess(new WasiOptions { Arguments = ["go", "panic"], Error = error });
        var instance = Guests.Instantiate(Guests.Program("go"), imports: process.Define(new Imports()));
        Assert.Equal(2u, WasiProcess.Run(instance));
        Assert.StartsWith("panic: assignment to entry in nil map\n\ngoroutine 1 [running]:\n", Encoding.UTF8.GetString(error.ToArray()), StringComparison.Ordinal);
    }
}
