using Wetware.Fuzz.Wasm;
using Wetware.Wasm.Tests.Spec;

namespace Wetware.Wasm.Tests;

/// <summary>Each limit is hit, and says its name.</summary>
public class LimitTests
{
    public static TheoryData<string, ModuleLimits, byte[]> Modules()
    {
        var limits = ModuleLimits.Default;
        byte[] deep = [.. Enumerable.Repeat<byte[]>([0x02, 0x40], 50).SelectMany(static block => block), .. Enumerable.Repeat((byte)0x0b, 50)];
        return new()
        {
            { nameof(ModuleLimits.ModuleBytesMax), limits with { ModuleBytesMax = 10 }, Build(static _ => { }) },
            { nameof(ModuleLimits.TypesMax), limits with { TypesMax = 2 }, Build(static module => { module.Type([], []); module.Type([], []); }) },
            { nameof(ModuleLimits.FunctionsMax), limits with { FunctionsMax = 2 }, Build(static module => { module.Function(0, [], []); module.Function(0, [], []); }) },
            { nameof(ModuleLimits.ImportsMax), limits with { ImportsMax = 0 }, Build(static module => module.Import("a", "b", 0)) },
            { nameof(ModuleLimits.ExportsMax), limits with { ExportsMax = 1 }, Build(static module => module.Export("again", 0, 0)) },
            { nameof(ModuleLimits.GlobalsMax), limits with { GlobalsMax = 0 }, Build(static module => module.Global(ModuleWriter.I32, false, [0x41, 0])) },
            { nameof(ModuleLimits.TablesMax), limits with { TablesMax = 0 }, Build(static module => module.Table(1)) },
            { nameof(ModuleLimits.SegmentsMax), limits with { SegmentsMax = 0 }, Build(static module => { module.Memory(1); module.Data(0, [1]); }) },
            { nameof(ModuleLimits.SegmentElementsMax), limits with { SegmentElementsMax = 2 }, Build(static module => { module.Table(9); module.Elements(0, 0, 0); module.Elements(2, 0); }) },
            { nameof(ModuleLimits.LocalsMax), limits with { LocalsMax = 99 }, Build(static module => module.Function(0, [(60, ModuleWriter.I32), (40, ModuleWriter.I64)], [])) },
            { nameof(ModuleLimits.ParametersMax), limits with { ParametersMax = 1 }, Build(static module => module.Type([ModuleWriter.I32, ModuleWriter.I32], [])) },
            { nameof(ModuleLimits.BodyBytesMax), limits with { BodyBytesMax = 8 }, Build(static module => module.Function(0, [], [1, 1, 1, 1, 1, 1, 1, 1])) },
            { nameof(ModuleLimits.NestingMax), limits with { NestingMax = 50 }, Build(module => module.Function(0, [], deep)) },
            { nameof(ModuleLimits.BranchTargetsMax), limits with { BranchTargetsMax = 1 }, Build(static module => module.Function(0, [], [0x41, 0, 0x0e, 2, 0, 0, 0])) },
            { nameof(ModuleLimits.CompileTimeMax), limits with { CompileTimeMax = TimeSpan.FromTicks(1) }, Build(static _ => { }) },
        };
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_beyond_a_limit_is_refused_by_its_name(string name, ModuleLimits limits, byte[] module)
    {
        var refusal = Assert.Throws<ModuleException>(() => CompiledModule.Compile(module, new CompileOptions { Limits = limits }));
        Assert.Equal(ModuleFault.LimitExceeded, refusal.Fault);
        Assert.Contains(name, refusal.Reason, StringComparison.Ordinal);
        CompiledModule.Compile(module);
    }

    [Fact]
    public void Memory_grows_to_its_limit_and_no_further()
    {
        var grow = Guests.Instantiate(Guests.Misbehaving(), new StoreOptions { MemoryPagesMax = 3 }).Function<Func<int, int>>("grow")!;
        Assert.Equal(1, grow(2));
        Assert.Equal(-1, grow(1));
        Assert.Equal(3, grow(0));
        Assert.Throws<LinkException>(() => Guests.Instantiate(Guests.Misbehaving(), new StoreOptions { MemoryPagesMax = 0 }));
    }

    [Fact]
    public void A_table_grows_to_its_limit_and_no_further()
    {
        var module = new ModuleWriter();
        module.Table(1);
        byte[] grow = [0xd0, 0x70, 0x20, 0, 0xfc, 15, 0];
        module.Function(module.Type([ModuleWriter.I32], [ModuleWriter.I32]), [], grow, "grow");
        var run = Guests.Instantiate(module.ToArray(), new StoreOptions { TableElementsMax = 10 }).Function<Func<int, int>>("grow")!;
        Assert.Equal(-1, run(10));
        Assert.Equal(1, run(9));
        Assert.Equal(-1, run(1));
        Assert.Equal(-1, run(-1));
    }

    [Fact]
    public void Tables_and_instances_are_limited()
    {
        Assert.Contains("TableElementsMax", Assert.Throws<LinkException>(
            () => Guests.Instantiate(Guests.Misbehaving(), new StoreOptions { TableElementsMax = 1 })).Message, StringComparison.Ordinal);
        using var store = new Store(new StoreOptions { InstancesMax = 1 });
        var module = CompiledModule.Compile(Guests.Misbehaving());
        Instance.Create(store, module, new Imports());
        Assert.Contains("InstancesMax", Assert.Throws<LinkException>(() => Instance.Create(store, module, new Imports())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fuel_runs_out_and_the_same_run_costs_the_same()
    {
        var compile = new CompileOptions { Fuel = true };
        var spin = Guests.Instantiate(Guests.Misbehaving(), new StoreOptions { Fuel = 1_000_000 }, compile: compile);
        Assert.Equal(TrapKind.FuelExhausted, Guests.TrapOf(() => spin.Call("spin")));
        Assert.Equal(0, spin.Store.FuelLeft);

        var costs = Enumerable.Range(0, 2).Select(_ =>
        {
            var instance = Guests.Instantiate(Guests.Misbehaving(), new StoreOptions { Fuel = 1_000_000 }, compile: compile);
            instance.Call("recurse", Value.From(10));
            return 1_000_000 - instance.Store.FuelLeft!.Value;
        }).ToArray();
        Assert.Equal(costs[0], costs[1]);
        // Ten calls of local.get, if, local.get, const, sub, call, const, add, else, and the last one's local.get, if, const, end, end.
        Assert.InRange(costs[0], 80, 140);
    }

    [Fact]
    public void Wall_time_runs_out()
    {
        var instance = Guests.Instantiate(Guests.Misbehaving(), new StoreOptions { WallTimeMax = TimeSpan.FromMilliseconds(20) });
        Assert.Equal(TrapKind.TimeExhausted, Guests.TrapOf(() => instance.Call("spin")));
    }

    [Theory]
    [InlineData(64 << 10)]
    [InlineData(1 << 20)]
    [InlineData(8 << 20)]
    public void Recursion_traps_at_the_stack_limit_and_a_larger_stack_goes_deeper(int stackBytes)
    {
        var options = new StoreOptions { StackBytes = stackBytes };
        CheckDepth(act => GuestThread.Create(() => act(), options), options, stackBytes);
    }

    [Fact]
    public void A_thread_that_the_host_made_itself_has_the_stack_of_such_threads_however_large_it_is()
    {
        var options = new StoreOptions { StackBytes = 8 << 20 };
        CheckDepth(act => new Thread(act, maxStackSize: 16 << 20), options, StoreOptions.ForeignStackBytesMax);
    }

    [Fact]
    public void A_frame_larger_than_the_head_room_traps_instead_of_overflowing()
    {
        var module = new ModuleWriter();
        var unit = module.Type([], []);
        // 49,000 vectors that are all used: local.get n; drop does not keep them, so each is set from its neighbour and added up through calls.
        byte[] code = [0x10, 0];
        module.Function(unit, [(49_000, 0x7b)], code, "huge");
        var huge = Guests.Instantiate(module.ToArray()).Function<Action>("huge")!;
        SpecTests.OnGuestThread(() => Assert.Equal(TrapKind.CallStackExhausted, Guests.TrapOf(huge)));
    }

    [Fact]
    public void A_frame_made_large_by_few_bytes_of_code_traps_and_one_larger_still_is_refused()
    {
        // One call of two bytes leaves 950 vectors; a branch keeps them all in the frame, and the function calls itself while they lie there.
        const int Vectors = 950;
        var module = new ModuleWriter();
        var many = module.Type([], [.. Enumerable.Repeat((byte)0x7b, Vectors)]);
        var unary = module.Type([ModuleWriter.I32], [ModuleWriter.I32]);
        byte[] zero = [0xfd, 0x0c, .. new byte[16]];
        module.Function(many, [], [.. Enumerable.Repeat(zero, Vectors).SelectMany(static vector => vector)], null);
        byte[] code = [0x10, 0, 0x10, 0, 0x02, 0x40, 0x20, 0, 0x0d, 0, 0x0b, 0x20, 0, 0x10, 1, 0x0f];
        module.Function(unary, [], code, "deep");
        var deep = Guests.Instantiate(module.ToArray()).Function<Func<int, int>>("deep")!;
        SpecTests.OnGuestThread(() => Assert.Equal(TrapKind.CallStackExhausted, Guests.TrapOf(() => deep(1))));

        var more = new ModuleWriter();
        many = more.Type([], [.. Enumerable.Repeat((byte)0x7b, Vectors)]);
        var unit = more.Type([], []);
        more.Function(many, [], [0], null);
        more.Function(unit, [], [0x10, 0, 0x10, 0, 0x10, 0, 0], null);
        var refused = Assert.Throws<ModuleException>(() => CompiledModule.Compile(more.ToArray()));
        Assert.Equal(ModuleFault.LimitExceeded, refused.Fault);
        Assert.Contains(nameof(ModuleLimits.OperandsMax), refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Recurses twice as deep each time until the guest traps, on a thread that is made for it.</summary>
    private static void CheckDepth(Func<ThreadStart, Thread> make, StoreOptions options, int stackBytes)
    {
        var depth = 64;
        var thread = make(() =>
        {
            var recurse = Guests.Instantiate(Guests.Misbehaving(), options).Function<Func<int, int>>("recurse")!;
            Guests.TrapOf(() => recurse(100_000_000));
            try
            {
                while (true)
                {
                    recurse(depth);
                    depth *= 2;
                }
            }
            catch (TrapException trap)
            {
                Assert.Equal(TrapKind.CallStackExhausted, trap.Kind);
            }
        });
        thread.Start();
        thread.Join();
        // A frame of this function takes some tens of bytes.
        Assert.InRange(depth, stackBytes / 256, stackBytes / 8);
    }

    private static byte[] Build(Action<ModuleWriter> more)
    {
        var module = new ModuleWriter();
        module.Type([], []);
        module.Function(0, [], [], "f");
        more(module);
        return module.ToArray();
    }
}
