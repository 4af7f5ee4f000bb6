using System.Numerics;
using Wetware.Fuzz.Wasm;

namespace Wetware.Wasm.Tests;

/// <summary>Shapes of code for which the JIT of .NET 10 produces wrong results, unless the emitter hides them (docs/decisions/0402).</summary>
public class MiscompilationTests
{
    private const byte Eqz32 = 0x45;
    private const byte Eqz64 = 0x50;

    // dotnet/runtime issue 129288: rotations do not set the zero flag, but were taken to.
    [Theory]
    [InlineData(0x77, 1)]
    [InlineData(0x77, 30)]
    [InlineData(0x78, 1)]
    [InlineData(0x78, 30)]
    public void A_rotation_by_a_constant_is_zero_only_when_its_operand_is(byte rotate, byte count)
    {
        var module = new ModuleWriter();
        byte[] rotated = [0x20, 0, 0x41, count, rotate];
        AddTests(module, ModuleWriter.I32, Eqz32, rotated);
        foreach (var value in (uint[])[0, 1, 4009696523, 1u << 31, uint.MaxValue])
        {
            var bits = rotate == 0x77 ? BitOperations.RotateLeft(value, count) : BitOperations.RotateRight(value, count);
            AssertTests(module.ToArray(), Value.From((int)value), bits != 0);
        }
    }

    [Theory]
    [InlineData(0x89, 1)]
    [InlineData(0x89, 62)]
    [InlineData(0x8a, 1)]
    [InlineData(0x8a, 62)]
    public void So_is_one_of_64_bits(byte rotate, byte count)
    {
        var module = new ModuleWriter();
        byte[] rotated = [0x20, 0, 0x42, .. ModuleWriter.S64(count), rotate];
        AddTests(module, ModuleWriter.I64, Eqz64, rotated);
        foreach (var value in (ulong[])[0, 1, 4009696523, 1ul << 63, ulong.MaxValue])
        {
            AssertTests(module.ToArray(), Value.From((long)value), value != 0);
        }
    }

    // The JIT makes one rotation of these.
    [Theory]
    [InlineData(0x72)]
    [InlineData(0x73)]
    [InlineData(0x6a)]
    public void So_is_a_rotation_made_of_shifts(byte combine)
    {
        var narrow = new ModuleWriter();
        AddTests(narrow, ModuleWriter.I32, Eqz32, [0x20, 0, 0x41, 26, 0x74, 0x20, 0, 0x41, 6, 0x76, combine]);
        var wide = new ModuleWriter();
        AddTests(wide, ModuleWriter.I64, Eqz64, [0x20, 0, 0x42, 58, 0x86, 0x20, 0, 0x42, 6, 0x88, (byte)(combine + 0x12)]);
        foreach (var value in (uint[])[0, 1, 64, 4009696523, uint.MaxValue])
        {
            AssertTests(narrow.ToArray(), Value.From((int)value), value != 0);
            AssertTests(wide.ToArray(), Value.From((long)value), value != 0);
        }
    }

    // Only the result of a combination is disguised, and where the JIT knows the other operand, that is the rotation.
    [Theory]
    [InlineData(0x6a, 0)]
    [InlineData(0x6b, 0)]
    [InlineData(0x71, -1)]
    [InlineData(0x72, 0)]
    [InlineData(0x73, 0)]
    public void So_is_a_rotation_combined_with_what_changes_nothing(byte combine, int neutral)
    {
        var narrow = new ModuleWriter();
        AddTests(narrow, ModuleWriter.I32, Eqz32, [0x20, 0, 0x41, 7, 0x77, 0x41, .. ModuleWriter.S64(neutral), combine]);
        var wide = new ModuleWriter();
        AddTests(wide, ModuleWriter.I64, Eqz64, [0x20, 0, 0x42, 7, 0x89, 0x42, .. ModuleWriter.S64(neutral), (byte)(combine + 0x12)]);
        var both = new ModuleWriter();
        AddTests(both, ModuleWriter.I32, Eqz32, [0x20, 0, 0x41, 7, 0x77, 0x41, .. ModuleWriter.S64(neutral), 0x41, 5, 0x78, combine]);
        foreach (var value in (uint[])[0, 1, 64, 4009696523, uint.MaxValue])
        {
            AssertTests(narrow.ToArray(), Value.From((int)value), value != 0);
            AssertTests(wide.ToArray(), Value.From((long)value), value != 0);
            AssertTests(both.ToArray(), Value.From((int)value), value != 0);
        }
    }

    // dotnet/runtime issue 133864: x shl n xor x shr (width - n) was taken for a rotation, which for n = 0 it is not.
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(64)]
    public void Shifts_combined_by_exclusive_or_are_no_rotation(int count)
    {
        var module = new ModuleWriter();
        var narrow = module.Type([ModuleWriter.I32, ModuleWriter.I32], [ModuleWriter.I32]);
        var wide = module.Type([ModuleWriter.I64, ModuleWriter.I64], [ModuleWriter.I64]);
        module.Function(narrow, [], [0x20, 0, 0x20, 1, 0x74, 0x20, 0, 0x41, 32, 0x20, 1, 0x6b, 0x76, 0x73], "narrow");
        module.Function(wide, [], [0x20, 0, 0x20, 1, 0x86, 0x20, 0, 0x42, .. ModuleWriter.S64(64), 0x20, 1, 0x7d, 0x88, 0x85], "wide");
        var instance = Guests.Instantiate(module.ToArray());
        const uint Narrow = 305419896;
        const ulong Wide = 0x123456789abcdef;
        var left = count & 31;
        var right = (32 - count) & 31;
        Assert.Equal((Narrow << left) ^ (Narrow >> right), (uint)instance.Call("narrow", Value.From((int)Narrow), Value.From(count))[0].AsI32());
        left = count & 63;
        right = (64 - count) & 63;
        Assert.Equal((Wide << left) ^ (Wide >> right), (ulong)instance.Call("wide", Value.From((long)Wide), Value.From((long)count))[0].AsI64());
    }

    // An exclusive or with a hidden zero was moved out from between the two others, and left the shifts bare.
    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    public void So_are_those_of_a_value_that_only_the_optimiser_knows(long count)
    {
        var module = new ModuleWriter();
        var type = module.Type([ModuleWriter.I64], [ModuleWriter.I64]);
        byte[] number = [0x42, .. ModuleWriter.S64(1024)];
        module.Function(type, [(1, ModuleWriter.I64), (1, ModuleWriter.I32)], [
            0x42, 0, .. number, 0x20, 2, 0x1b, 0x21, 1,
            0x20, 1, 0x20, 0, 0x86, 0x20, 1, 0x42, .. ModuleWriter.S64(64), 0x20, 0, 0x7d, 0x88, 0x85], "wide");
        Assert.Equal(0, Guests.Instantiate(module.ToArray()).Call("wide", Value.From(count))[0].AsI64());
    }

    /// <summary>One function for each way in which guests ask whether a value is zero; all return 1 when it is not.</summary>
    private static void AddTests(ModuleWriter module, byte operand, byte eqz, byte[] value)
    {
        var type = module.Type([operand], [ModuleWriter.I32]);
        byte[] isNotZero = [.. value, eqz, 0x45];
        byte[] zero = operand == ModuleWriter.I64 ? [0x42, 0] : [0x41, 0];
        module.Function(type, [], isNotZero, "eqz");
        module.Function(type, [], [.. value, .. zero, (byte)(eqz + 2)], "ne");
        module.Function(type, [], [.. isNotZero, 0x04, 0x7f, 0x41, 1, 0x05, 0x41, 0, 0x0b], "if");
        module.Function(type, [], [0x02, 0x40, .. value, eqz, 0x0d, 0, 0x41, 1, 0x0f, 0x0b, 0x41, 0], "br_if");
        module.Function(type, [], [0x41, 1, 0x41, 0, .. isNotZero, 0x1b], "select");
        module.Function(type, [(1, operand)], [.. value, 0x21, 1, 0x20, 1, eqz, 0x45], "local");
    }

    private static void AssertTests(byte[] bytes, Value argument, bool isNotZero)
    {
        var instance = Guests.Instantiate(bytes);
        foreach (var name in (string[])["eqz", "ne", "if", "br_if", "select", "local"])
        {
            Assert.Equal((name, isNotZero ? 1 : 0), (name, instance.Call(name, argument)[0].AsI32()));
        }
    }
}
