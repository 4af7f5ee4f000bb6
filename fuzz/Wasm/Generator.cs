using Wetware.Core;

namespace Wetware.Fuzz.Wasm;

/// <summary>
/// Draws valid modules of a memory, globals, a table and functions that call only earlier ones and loop a bounded number of times, so that
/// every call ends. No instruction shows the bits of a NaN, which engines may choose freely.
/// </summary>
internal sealed class Generator
{
    private static readonly byte[] ValueTypes = [ModuleWriter.I32, ModuleWriter.I64, ModuleWriter.F32, ModuleWriter.F64];

    private readonly ModuleWriter _module = new();
    private readonly List<(byte[] Parameters, byte Result, int Type)> _functions = [];
    private readonly List<byte> _code = [];
    private Prng _random;
    private List<byte> _locals = [];
    private int _loops;
    private int _budget;

    private Generator(ulong seed) => _random = new Prng(seed);

    /// <summary>A module, and the parameter types of each function f0, f1, ... that it exports.</summary>
    public static (byte[] Module, byte[][] Parameters) Draw(ulong seed)
    {
        var generator = new Generator(seed);
        return (generator.Module(), [.. generator._functions.Select(static function => function.Parameters)]);
    }

    private byte[] Module()
    {
        _module.Memory(1, 1);
        _module.Export("memory", 2, 0);
        foreach (var type in ValueTypes)
        {
            Constant(type);
            _module.Global(type, true, [.. _code]);
            _code.Clear();
        }

        var data = new byte[64];
        _random.Fill(data);
        _module.Data(_random.Between(0, 1000), data);
        var count = _random.Between(1, 6);
        for (var i = 0; i < count; i++)
        {
            Function(i);
        }

        _module.Table(8);
        _module.Elements(0, [.. Enumerable.Range(0, count)]);
        return _module.ToArray();
    }

    private void Function(int index)
    {
        var parameters = new byte[_random.Between(0, 4)];
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = AnyType();
        }

        var result = AnyType();
        var type = _module.Type(parameters, [result]);
        byte[] more = [AnyType(), AnyType(), AnyType()];
        _locals = [.. parameters, .. more];
        _loops = 0;
        _budget = 120;
        _code.Clear();
        for (var i = _random.Between(0, 5); i > 0; i--)
        {
            Statement(3);
        }

        Expression(result, 4);

        // Loop counters come last: assignments of the body do not know of them.
        (uint, byte)[] groups = [.. more.Select(static local => (1u, local)), ((uint)_loops, ModuleWriter.I32)];
        _module.Function(type, groups, [.. _code], $"f{index}");
        _functions.Add((parameters, result, type));
    }

    private byte AnyType() => ValueTypes[_random.Below(4)];

    private void Emit(params ReadOnlySpan<byte> bytes) => _code.AddRange(bytes);

    private void Statement(int depth)
    {
        switch (_random.Below(depth > 0 ? 7u : 4u))
        {
            case 0:
                Store();
                break;
            case 1:
                var global = (byte)_random.Below(4);
                Expression(ValueTypes[global], depth);
                Emit(0x24, global);
                break;
            case 2 or 3:
                var local = (byte)_random.Below((ulong)_locals.Count);
                Expression(_locals[local], depth);
                Emit(0x21, local);
                break;
            case 4:
                Expression(ModuleWriter.I32, depth - 1);
                Emit(0x04, 0x40);
                Statement(depth - 1);
                Emit(0x05);
                Statement(depth - 1);
                Emit(0x0b);
                break;
            case 5:
                Emit(0x02, 0x40);
                Statement(depth - 1);
                Expression(ModuleWriter.I32, depth - 1);
                Emit(0x0d, 0);
                Statement(depth - 1);
                Emit(0x0b);
                break;
            default:
                Loop(depth);
                break;
        }
    }

    /// <summary>A loop over a counter of its own, at most a handful of rounds.</summary>
    private void Loop(int depth)
    {
        var counter = (byte)(_locals.Count + _loops++);
        Emit(0x41, (byte)_random.Between(1, 9), 0x21, counter, 0x03, 0x40);
        Statement(depth - 1);
        Emit(0x20, counter, 0x41, 1, 0x6b, 0x22, counter, 0x0d, 0, 0x0b);
    }

    private void Store()
    {
        var wide = _random.Chance(0.5);
        Address();
        Expression(wide ? ModuleWriter.I64 : ModuleWriter.I32, 2);
        Emit(wide ? Pick(0x37, 0x3c, 0x3d, 0x3e) : Pick(0x36, 0x3a, 0x3b), 0);
        Offset();
    }

    /// <summary>Mostly inside the memory, now and then near or beyond its end.</summary>
    private void Address()
    {
        Expression(ModuleWriter.I32, 1);
        if (!_random.Chance(0.02))
        {
            Emit([0x41, .. ModuleWriter.S64(0x7fff), 0x71]);
        }
    }

    private void Offset() => Emit(ModuleWriter.U32(_random.Chance(0.02) ? (uint)_random.Next() : (uint)_random.Below(0x7ff8)));

    private void Expression(byte type, int depth)
    {
        if (depth <= 0 || _budget-- <= 0)
        {
            Leaf(type);
            return;
        }

        switch (_random.Below(10))
        {
            case 0:
                Leaf(type);
                break;
            case 1:
                Expression(type, depth - 1);
                Expression(type, depth - 1);
                Expression(ModuleWriter.I32, depth - 1);
                Emit(0x1b);
                break;
            case 2:
                Expression(ModuleWriter.I32, depth - 1);
                Emit(0x04, type);
                Expression(type, depth - 1);
                Emit(0x05);
                Expression(type, depth - 1);
                Emit(0x0b);
                break;
            case 3:
                Emit(0x02, type);
                Expression(type, depth - 1);
                Expression(ModuleWriter.I32, depth - 1);
                Emit(0x0d, 0, 0x1a);
                Expression(type, depth - 1);
                Emit(0x0b);
                break;
            case 4 when type is ModuleWriter.I32 or ModuleWriter.I64:
                Address();
                Emit(type == ModuleWriter.I32 ? Pick(0x28, 0x2c, 0x2d, 0x2e, 0x2f) : Pick(0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35), 0);
                Offset();
                break;
            case 5 when _functions.Count > 0:
                Call(type, depth);
                break;
            case 6 when type is ModuleWriter.I32 or ModuleWriter.I64 && Local(type) is { } x && Local(type) is { } y:
                Emit(Idioms.Draw(ref _random, type == ModuleWriter.I64, x, y));
                break;
            default:
                Operation(type, depth);
                break;
        }
    }

    private byte Pick(params ReadOnlySpan<byte> choices) => choices[(int)_random.Below((ulong)choices.Length)];

    private void Call(byte type, int depth)
    {
        var index = (int)_random.Below((ulong)_functions.Count);
        var (parameters, result, signature) = _functions[index];
        foreach (var parameter in parameters)
        {
            Expression(parameter, depth - 2);
        }

        if (_random.Chance(0.3))
        {
            // An earlier function, or an element that is null or outside: never itself, which could recurse without end.
            Emit(0x41, (byte)(_random.Chance(0.9) ? index : 6 + (int)_random.Below(4)));
            Emit([0x11, .. ModuleWriter.U32((uint)signature), 0]);
        }
        else
        {
            Emit(0x10, (byte)index);
        }

        Convert(result, type);
    }

    /// <summary>From any type to any other, without traps.</summary>
    private void Convert(byte from, byte to)
    {
        byte[] code = (from, to) switch
        {
            (ModuleWriter.I64, ModuleWriter.I32) => [0xa7],
            (ModuleWriter.F32, ModuleWriter.I32) => [0xfc, Pick(0, 1)],
            (ModuleWriter.F64, ModuleWriter.I32) => [0xfc, Pick(2, 3)],
            (ModuleWriter.I32, ModuleWriter.I64) => [Pick(0xac, 0xad)],
            (ModuleWriter.F32, ModuleWriter.I64) => [0xfc, Pick(4, 5)],
            (ModuleWriter.F64, ModuleWriter.I64) => [0xfc, Pick(6, 7)],
            (ModuleWriter.I32, ModuleWriter.F32) => [Pick(0xb2, 0xb3)],
            (ModuleWriter.I64, ModuleWriter.F32) => [Pick(0xb4, 0xb5)],
            (ModuleWriter.F64, ModuleWriter.F32) => [0xb6],
            (ModuleWriter.I32, ModuleWriter.F64) => [Pick(0xb7, 0xb8)],
            (ModuleWriter.I64, ModuleWriter.F64) => [Pick(0xb9, 0xba)],
            (ModuleWriter.F32, ModuleWriter.F64) => [0xbb],
            _ => [],
        };
        Emit(code);
    }

    private void Operation(byte type, int depth)
    {
        if (_random.Chance(0.15))
        {
            var from = AnyType();
            Expression(from, depth - 1);
            Convert(from, type);
            return;
        }

        if (type == ModuleWriter.I32 && _random.Chance(0.3))
        {
            Comparison(depth);
            return;
        }

        var (unary, first, count) = type switch
        {
            ModuleWriter.I32 => ((byte[])[0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1], 0x6a, 15),
            ModuleWriter.I64 => ([0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4], 0x7c, 15),
            ModuleWriter.F32 => ([0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91], 0x92, 6),
            _ => ([0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f], 0xa0, 6),
        };
        Expression(type, depth - 1);
        if (_random.Chance(0.25))
        {
            Emit(Pick(unary));
            return;
        }

        var opcode = (byte)(first + (int)_random.Below((ulong)count));
        Expression(type, depth - 1);
        if (opcode is (>= 0x6d and <= 0x70) or (>= 0x7f and <= 0x82) && _random.Chance(0.95))
        {
            // Rarely a division by zero, or most calls would end there.
            Emit(type == ModuleWriter.I64 ? [0x42, 1, 0x84] : [0x41, 1, 0x72]);
        }

        Emit(opcode);
    }

    private void Comparison(int depth)
    {
        var type = AnyType();
        Expression(type, depth - 1);
        Expression(type, depth - 1);
        var (first, count) = type switch
        {
            ModuleWriter.I32 => (0x46, 10),
            ModuleWriter.I64 => (0x51, 10),
            ModuleWriter.F32 => (0x5b, 6),
            _ => (0x61, 6),
        };
        Emit((byte)(first + (int)_random.Below((ulong)count)));
    }

    private byte? Local(byte type)
    {
        var candidates = Enumerable.Range(0, _locals.Count).Where(local => _locals[local] == type).ToArray();
        return candidates.Length > 0 ? (byte)candidates[_random.Below((ulong)candidates.Length)] : null;
    }

    private void Leaf(byte type)
    {
        if (Local(type) is { } local && _random.Chance(0.6))
        {
            Emit(0x20, local);
        }
        else if (_random.Chance(0.3))
        {
            Emit(0x23, (byte)Array.IndexOf(ValueTypes, type));
        }
        else
        {
            Constant(type);
        }
    }

    private void Constant(byte type)
    {
        var value = _random.Below(4) switch
        {
            0 => (long)_random.Next(),
            1 => _random.Between(-2, 2),
            2 => 1L << (int)_random.Below(64),
            _ => (1L << (int)_random.Below(64)) - 1,
        };
        switch (type)
        {
            case ModuleWriter.I32:
                Emit([0x41, .. ModuleWriter.S64((int)value)]);
                break;
            case ModuleWriter.I64:
                Emit([0x42, .. ModuleWriter.S64(value)]);
                break;
            case ModuleWriter.F32:
                Emit([0x43, .. BitConverter.GetBytes(_random.Chance(0.5) ? value : BitConverter.Int32BitsToSingle((int)value))]);
                break;
            default:
                Emit([0x44, .. BitConverter.GetBytes(_random.Chance(0.5) ? value : BitConverter.Int64BitsToDouble(value))]);
                break;
        }
    }
}
