using Wetware.Fuzz.Wasm;

namespace Wetware.Wasm.Tests;

public class TrapTests
{
    [Fact]
    public void A_trap_says_what_where_and_in_which_function()
    {
        var instance = Guests.Instantiate(Guests.Misbehaving());
        var divide = Assert.Throws<TrapException>(() => instance.Call("div", Value.From(1), Value.From(0)));
        Assert.Equal((TrapKind.IntegerDivideByZero, 4), (divide.Kind, divide.Function));
        Assert.Equal(0x6d, Guests.Misbehaving()[divide.Offset]);
        Assert.Equal("function 4", divide.GuestFrames[0]);

        var outside = Assert.Throws<TrapException>(() => instance.Call("oob", Value.From(65_533)));
        Assert.Equal((TrapKind.MemoryOutOfBounds, 2), (outside.Kind, outside.Function));
        Assert.Equal("function 2", outside.GuestFrames[0]);

        var unreachable = Assert.Throws<TrapException>(() => instance.Call("trap"));
        Assert.Equal((TrapKind.Unreachable, 3), (unreachable.Kind, unreachable.Function));
    }

    [Theory]
    [InlineData(65_532, true)]
    [InlineData(65_533, false)]
    [InlineData(-1, false)]
    [InlineData(-4, false)]
    [InlineData(0, true)]
    public void An_access_is_inside_or_traps(int address, bool inside)
    {
        var load = Guests.Instantiate(Guests.Misbehaving()).Function<Func<int, int>>("oob")!;
        if (inside)
        {
            Assert.Equal(0, load(address));
        }
        else
        {
            Assert.Equal(TrapKind.MemoryOutOfBounds, Guests.TrapOf(() => load(address)));
        }
    }

    [Fact]
    public void Indirect_calls_check_index_null_and_type()
    {
        var instance = Guests.Instantiate(Guests.Misbehaving());
        Assert.Equal(0, instance.Call("indirect", Value.From(0))[0].AsI32());
        Assert.Equal(TrapKind.UninitializedElement, Guests.TrapOf(() => instance.Call("indirect", Value.From(1))));
        Assert.Equal(TrapKind.UndefinedElement, Guests.TrapOf(() => instance.Call("indirect", Value.From(2))));
    }

    [Fact]
    public void Function_types_that_differ_only_in_leading_references_have_different_keys()
    {
        var none = new FunctionType([], []);
        var one = new FunctionType([ValType.ExternRef], []);
        Assert.NotEqual(none, one);
        Assert.NotEqual(none.Key, one.Key);
        var twenty = Enumerable.Repeat(ValType.I32, 20).ToArray();
        Assert.Equal(-1, new FunctionType(twenty, []).Key);
        Assert.Equal(new FunctionType(twenty, []), new FunctionType([.. twenty], []));
        Assert.NotEqual(new FunctionType(twenty, []), new FunctionType([.. twenty[1..], ValType.I64], []));
    }

    [Fact]
    public void A_host_functions_own_overflow_is_not_taken_for_a_trap()
    {
        var module = new ModuleWriter();
        var unit = module.Type([], []);
        module.Import("host", "fail", unit);
        module.Function(unit, [], [0x10, 0], "run");
        var imports = new Imports().Function("host", "fail", (Action)(() => throw new OverflowException("mine")));
        var run = Guests.Instantiate(module.ToArray(), imports: imports).Function<Action>("run")!;
        Assert.Equal("mine", Assert.Throws<HostFunctionException>(run).InnerException!.Message);
    }

    [Fact]
    public void After_a_trap_the_store_runs_on()
    {
        var instance = Guests.Instantiate(Guests.Misbehaving());
        Guests.TrapOf(() => instance.Call("recurse", Value.From(100_000_000)));
        Assert.Equal(1000, instance.Call("recurse", Value.From(1000))[0].AsI32());
    }
}
