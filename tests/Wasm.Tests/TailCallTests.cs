using Wetware.Fuzz.Wasm;

namespace Wetware.Wasm.Tests;

/// <summary>return_call and return_call_indirect: the caller's frame is gone before the callee runs.</summary>
public class TailCallTests
{
    private const int Deep = 10_000_000;

    [Theory]
    [InlineData("even", Deep, 1)]
    [InlineData("even", Deep + 1, 0)]
    [InlineData("evenIndirect", Deep, 1)]
    [InlineData("evenIndirect", Deep + 1, 0)]
    public void Mutual_recursion_needs_no_stack(string name, int depth, int expected) =>
        Assert.Equal(expected, Guests.Instantiate(Mutual()).Function<Func<int, int>>(name)!(depth));

    [Fact]
    public void Neither_does_one_between_functions_of_different_size()
    {
        // narrow(n) = wide(n, 1, ... 12), wide(n, ...) = n == 0 ? the sum of the others : narrow(n - 1): more arguments than registers, and not the caller's.
        var module = new ModuleWriter();
        var narrow = module.Type([ModuleWriter.I32], [ModuleWriter.I64]);
        var wide = module.Type([ModuleWriter.I32, .. Enumerable.Repeat(ModuleWriter.I64, 12)], [ModuleWriter.I64]);
        byte[] numbers = [.. Enumerable.Range(1, 12).SelectMany(static number => (byte[])[0x42, (byte)number])];
        byte[] sum = [.. Enumerable.Range(2, 11).SelectMany(static local => (byte[])[0x20, (byte)local, 0x7c])];
        module.Function(narrow, [], [0x20, 0, .. numbers, 0x12, 1], "narrow");
        module.Function(wide, [], [0x20, 0, 0x45, 0x04, 0x40, 0x20, 1, .. sum, 0x0f, 0x0b, 0x20, 0, 0x41, 1, 0x6b, 0x12, 0]);
        Assert.Equal(78, Guests.Instantiate(module.ToArray()).Function<Func<int, long>>("narrow")!(1_000_000));
    }

    [Fact]
    public void An_ordinary_call_of_the_same_depth_does_need_stack()
    {
        var recurse = Guests.Instantiate(Guests.Misbehaving()).Function<Func<int, int>>("recurse")!;
        Assert.Equal(TrapKind.CallStackExhausted, Guests.TrapOf(() => recurse(Deep)));
    }

    [Theory]
    [InlineData(0, TrapKind.IndirectCallTypeMismatch)]
    [InlineData(3, TrapKind.UninitializedElement)]
    [InlineData(4, TrapKind.UndefinedElement)]
    [InlineData(-1, TrapKind.UndefinedElement)]
    public void An_indirect_tail_call_is_checked_like_any_other(int element, TrapKind expected)
    {
        var call = Guests.Instantiate(Mutual()).Function<Func<int, long>>("callAsOther")!;
        Assert.Equal(expected, Guests.TrapOf(() => call(element)));
    }

    [Fact]
    public void A_tail_call_of_a_host_function_returns_its_result()
    {
        var module = new ModuleWriter();
        var type = module.Type([ModuleWriter.I32], [ModuleWriter.I32]);
        module.Import("host", "twice", type);
        module.Function(type, [], [0x20, 0, 0x12, 0], "call");
        var imports = new Imports().Function("host", "twice", static (int value) => value * 2);
        Assert.Equal(42, Guests.Instantiate(module.ToArray(), imports: imports).Function<Func<int, int>>("call")!(21));
    }

    [Fact]
    public void An_endless_chain_of_tail_calls_stops_when_it_is_told_to()
    {
        var module = new ModuleWriter();
        var unit = module.Type([], []);
        module.Function(unit, [], [0x12, 1], "ping");
        module.Function(unit, [], [0x12, 0]);
        var options = new StoreOptions { WallTimeMax = TimeSpan.FromMilliseconds(20) };
        var ping = Guests.Instantiate(module.ToArray(), options).Function<Action>("ping")!;
        Assert.Equal(TrapKind.TimeExhausted, Guests.TrapOf(ping));
    }

    /// <summary>even and odd call each other; evenIndirect and oddIndirect do through a table of four, whose last element is empty; callAsOther(i) calls element i as (i32) -> i64.</summary>
    private static byte[] Mutual()
    {
        var module = new ModuleWriter();
        var type = module.Type([ModuleWriter.I32], [ModuleWriter.I32]);
        var other = module.Type([ModuleWriter.I32], [ModuleWriter.I64]);
        module.Table(4);
        module.Function(type, [], Step(1, 0x12, 1), "even");
        module.Function(type, [], Step(0, 0x12, 0));
        module.Function(type, [], Step(1, 0x41, 1, 0x13, (byte)type, 0), "evenIndirect");
        module.Function(type, [], Step(0, 0x41, 0, 0x13, (byte)type, 0));
        module.Function(other, [], [0x41, 0, 0x20, 0, 0x13, (byte)other, 0], "callAsOther");
        module.Elements(0, 2, 3, 1);
        return module.ToArray();
    }

    /// <summary>n == 0 ? result : the tail call of n - 1.</summary>
    private static byte[] Step(byte result, params byte[] call) => [0x20, 0, 0x45, 0x04, 0x40, 0x41, result, 0x0f, 0x0b, 0x20, 0, 0x41, 1, 0x6b, .. call];
}
