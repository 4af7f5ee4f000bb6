using System.Runtime.Intrinsics;
using Wetware.Fuzz.Wasm;

namespace Wetware.Wasm.Tests;

/// <summary>Imports and exports by typed delegates: every type that stands for one of WebAssembly's, and what is said of those that do not.</summary>
public class DelegateTests
{
    private const byte V128 = 0x7b;
    private const byte Function = 0x70;
    private const byte Extern = 0x6f;

    private delegate int Named(int value);

    private delegate void ByReference(ref int value);

    [Fact]
    public void Every_value_type_goes_through_an_import_and_an_export_and_comes_back()
    {
        Round(ModuleWriter.I32, int.MinValue, -1, 7);
        Round(ModuleWriter.I32, uint.MaxValue, 0u);
        Round(ModuleWriter.I64, long.MinValue, 1L << 40);
        Round(ModuleWriter.I64, ulong.MaxValue);
        Round(ModuleWriter.F32, -0.0f, float.NaN, 1.5f);
        Round(ModuleWriter.F64, double.NegativeInfinity, 1e-300);
        Round(V128, Vector128.Create((byte)1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255));
        Round<object?>(Extern, new object(), "text", null);
        var function = (FuncRef)Guests.Instantiate(Guests.Misbehaving()).Export("trap")!;
        Round<FuncRef?>(Function, function, null);
    }

    [Fact]
    public void A_tuple_stands_for_several_results_and_an_instance_in_front_for_the_importer()
    {
        Instance? caller = null;
        var module = new ModuleWriter();
        var type = module.Type([ModuleWriter.I32], [ModuleWriter.I32, ModuleWriter.I64, ModuleWriter.F32, ModuleWriter.F64, V128, Extern, ModuleWriter.I32]);
        module.Import("host", "f", type);
        module.Function(type, [], [0x20, 0, 0x10, 0], "run");
        var imports = new Imports().Function("host", "f", (Instance instance, int value) =>
        {
            caller = instance;
            return (value, (long)value, (float)value, (double)value, Vector128.Create((byte)value), (object)"x", (uint)value);
        });
        var guest = Guests.Instantiate(module.ToArray(), imports: imports);
        var run = guest.Function<Func<int, (int, long, float, double, Vector128<byte>, object, uint)>>("run")!;
        Assert.Equal((7, 7L, 7f, 7d, Vector128.Create((byte)7), (object)"x", 7u), run(7));
        Assert.Same(guest, caller);
    }

    [Fact]
    public void Any_delegate_type_will_do_also_one_that_nobody_else_sees()
    {
        var called = 0;
        var module = new ModuleWriter();
        var unary = module.Type([ModuleWriter.I32], [ModuleWriter.I32]);
        var unit = module.Type([], []);
        module.Import("host", "f", unary);
        module.Import("host", "g", unit);
        module.Function(unary, [], [0x10, 1, 0x20, 0, 0x10, 0], "run");
        var imports = new Imports().Function("host", "f", (Named)(value => value + 1)).Function("host", "g", (Action)(() => called++));
        Assert.Equal(8, Guests.Instantiate(module.ToArray(), imports: imports).Function<Named>("run")!(7));
        Assert.Equal(1, called);
    }

    [Fact]
    public void A_type_that_stands_for_none_of_WebAssembly_s_is_refused_where_the_mistake_is()
    {
        var imports = new Imports();
        Refused("System.Int16 stands for no WebAssembly type", () => imports.Function("host", "f", (short value) => value));
        Refused("System.String stands for no WebAssembly type", () => imports.Function("host", "f", () => "text"));
        Refused("System.Int32& stands for no WebAssembly type", () => imports.Function("host", "f", (ByReference)((ref int value) => value++)));
        Refused("System.Int32[] stands for no WebAssembly type", () => imports.Function("host", "f", (int[] values) => values.Length));
        Refused("more than 7 results", () => imports.Function("host", "f", () => (1, 2, 3, 4, 5, 6, 7, 8)));

        var guest = Guests.Instantiate(Guests.Misbehaving());
        Refused("System.Int16 stands for no WebAssembly type", () => guest.Function<Func<short, int>>("recurse"));
        Refused("a guest's function takes no Instance", () => guest.Function<Func<Instance, int, int>>("recurse"));
        Refused("the function is ", () => guest.Function<Func<long, int>>("recurse"));
        Assert.Null(guest.Function<Action>("absent"));
    }

    [Fact]
    public void An_import_of_another_type_than_the_module_asks_for_does_not_link()
    {
        var module = new ModuleWriter();
        module.Import("host", "f", module.Type([ModuleWriter.I32], []));
        var refused = Assert.Throws<LinkException>(() => Guests.Instantiate(module.ToArray(), imports: new Imports().Function("host", "f", (long _) => { })));
        Assert.Contains("host.f", refused.Message, StringComparison.Ordinal);
    }

    private static void Refused(string why, Action act) => Assert.Contains(why, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);

    private static void Round<T>(byte type, params T[] values)
    {
        var module = new ModuleWriter();
        var unary = module.Type([type], [type]);
        module.Import("host", "f", unary);
        module.Function(unary, [], [0x20, 0, 0x10, 0], "run");
        foreach (var value in values)
        {
            var seen = new List<T>();
            var imports = new Imports().Function("host", "f", (T given) =>
            {
                seen.Add(given);
                return given;
            });
            Assert.Equal(value, Guests.Instantiate(module.ToArray(), imports: imports).Function<Func<T, T>>("run")!(value));
            Assert.Equal([value], seen);
        }
    }
}
