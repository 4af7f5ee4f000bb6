using Wetware.Fuzz.Wasm;

namespace Wetware.Wasm.Tests;

/// <summary>Instances start from one image of the module's data, and must not notice.</summary>
public class MemoryImageTests
{
    private const int DataBytes = 200_000;

    [Fact]
    public void An_instance_sees_its_data_and_no_other_instances_writes()
    {
        var module = CompiledModule.Compile(Bytes(4, 70_000));
        using var first = new Store();
        using var second = new Store();
        var one = Instance.Create(first, module, new Imports());
        one.Memory!.Span(0, (int)one.Memory.Length).Fill(0xee);
        var other = Instance.Create(second, module, new Imports()).Memory!;
        Assert.Equal(Expected(4, 70_000), other.Span(0, (int)other.Length).ToArray());
        Assert.Equal(0, other.Span(4 * Memory.PageBytes - 1, 1)[0]);
    }

    [Fact]
    public void Pages_behind_the_image_are_zero_after_growth()
    {
        using var store = new Store();
        var instance = Instance.Create(store, CompiledModule.Compile(Bytes(4, 0)), new Imports());
        Assert.Equal(4, instance.Call("grow", Value.From(1))[0].AsI32());
        Assert.Equal(-1, instance.Memory!.Span(4 * Memory.PageBytes, Memory.PageBytes).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Later_segments_overwrite_earlier_ones()
    {
        using var store = new Store();
        var memory = Instance.Create(store, CompiledModule.Compile(Bytes(4, 100)), new Imports()).Memory!;
        Assert.Equal(7, memory.Span(150, 1)[0]);
    }

    [Fact]
    public void Data_that_does_not_fit_traps()
    {
        using var store = new Store();
        var module = CompiledModule.Compile(Bytes(3, 3 * Memory.PageBytes - 1));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guests.TrapOf(() => Instance.Create(store, module, new Imports())));
    }

    /// <summary>A memory with a counting pattern from address 0 on, and a hundred sevens where the test wants them.</summary>
    private static byte[] Bytes(int pages, int at)
    {
        var module = new ModuleWriter();
        module.Memory((uint)pages, 9);
        module.Data(0, Pattern());
        module.Data(at, [.. Enumerable.Repeat((byte)7, 100)]);
        module.Function(module.Type([ModuleWriter.I32], [ModuleWriter.I32]), [], [0x20, 0, 0x40, 0], "grow");
        return module.ToArray();
    }

    private static byte[] Pattern()
    {
        var pattern = new byte[Math.Min(DataBytes, 3 * Memory.PageBytes)];
        for (var i = 0; i < pattern.Length; i++)
        {
            pattern[i] = (byte)(i * 31 >> 3);
        }

        return pattern;
    }

    private static byte[] Expected(int pages, int at)
    {
        var expected = new byte[pages * Memory.PageBytes];
        Pattern().CopyTo(expected, 0);
        expected.AsSpan(at, 100).Fill(7);
        return expected;
    }
}
