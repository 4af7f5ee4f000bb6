using Wetware.Wasm.Wasi;

namespace Wetware.Wasm.Tests;

/// <summary>Traces of a program that clang compiled speak of its functions by their names.</summary>
public class TraceTests
{
    [Theory]
    [InlineData("trap", TrapKind.Unreachable, "unreachable in sink at byte ")]
    [InlineData("divide", TrapKind.IntegerDivideByZero, "integer divide by zero in sink at byte ")]
    [InlineData("memory", TrapKind.MemoryOutOfBounds, "out of bounds memory access in sink at byte ")]
    public void A_trap_names_the_functions_that_led_to_it(string how, TrapKind kind, string message)
    {
        using var process = new WasiProcess(new WasiOptions { Arguments = ["named", how] });
        var module = Guests.Program("named");
        var trap = Assert.Throws<TrapException>(() => { WasiProcess.Run(Guests.Instantiate(module, imports: process.Define(new Imports()))); });
        Assert.Equal((kind, "sink"), (trap.Kind, trap.FunctionName));
        Assert.StartsWith(message, trap.Message, StringComparison.Ordinal);
        Assert.InRange(trap.Offset, 8, module.Length - 1);
        Assert.Equal(["sink", "middle", "outer"], trap.GuestFrames.Take(3));
        Assert.StartsWith("_start", trap.GuestFrames[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_names_functions_are_numbers()
    {
        var trap = Assert.Throws<TrapException>(() => Guests.Instantiate(Guests.Misbehaving()).Call("trap"));
        Assert.StartsWith("unreachable in function 3 at byte ", trap.Message, StringComparison.Ordinal);
    }
}
