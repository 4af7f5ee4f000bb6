using Wetware.Core;

namespace Wetware.Fuzz.Wasm;

/// <summary>
/// Integer expressions that optimising compilers know by shape and replace: rotations out of shifts, bit tests, division by constants,
/// comparisons with zero. Drawn at random they would hardly ever occur, and it is there that compilers err.
/// </summary>
internal static class Idioms
{
    private const byte Eqz = 0x45;
    private const byte Eq = 0x46;
    private const byte Ne = 0x47;
    private const byte LtU = 0x49;
    private const byte Add = 0x6a;
    private const byte Sub = 0x6b;
    private const byte Mul = 0x6c;
    private const byte DivS = 0x6d;
    private const byte DivU = 0x6e;
    private const byte RemS = 0x6f;
    private const byte RemU = 0x70;
    private const byte And = 0x71;
    private const byte Or = 0x72;
    private const byte Xor = 0x73;
    private const byte Shl = 0x74;
    private const byte ShrS = 0x75;
    private const byte ShrU = 0x76;
    private const byte Rotl = 0x77;
    private const byte Rotr = 0x78;
    private const byte Select = 0x1b;

    /// <summary>One expression over the locals x and y, which are of the type that it leaves on the stack.</summary>
    public static byte[] Draw(ref Prng random, bool wide, byte x, byte y)
    {
        var plain = Plain(ref random, wide, x, y);
        if (random.Chance(0.5))
        {
            return plain;
        }

        // A comparison with zero, or another constant, as the JIT may fold into the operation before it.
        var constant = random.Chance(0.8) ? Constant(wide, 0) : Small(ref random, wide);
        byte[] test = random.Chance(0.3)
            ? [.. plain, Of(Eqz, wide)]
            : [.. plain, .. constant, Of((byte)(Eq + (int)random.Below(10)), wide)];
        return random.Chance(0.5) ? Widen(test, wide) : [.. test, 0x04, wide ? ModuleWriter.I64 : ModuleWriter.I32, 0x20, x, 0x05, .. Constant(wide, -1), 0x0b];
    }

    private static byte[] Plain(ref Prng random, bool wide, byte x, byte y)
    {
        byte[] getX = [0x20, x];
        byte[] getY = [0x20, y];
        var width = wide ? 64 : 32;
        var bits = (int)random.Below((ulong)width);
        var count = Constant(wide, bits);
        byte[] Do(params ReadOnlySpan<byte> opcodes) => Array.ConvertAll(opcodes.ToArray(), opcode => Of(opcode, wide));
        byte[] one = Constant(wide, 1);
        return random.Below(16) switch
        {
            0 => [.. getX, .. getY, .. Do(Shl), .. getX, .. Constant(wide, width), .. getY, .. Do(Sub, ShrU), .. Do(Pick(ref random, Or, Xor, Add))],
            1 => [.. getX, .. count, .. Do(Shl), .. getX, .. Constant(wide, width - bits), .. Do(ShrU), .. Do(Pick(ref random, Or, Xor, Add))],
            2 => [.. getX, .. count, .. Do(Pick(ref random, Rotl, Rotr, Shl, ShrS, ShrU))],
            3 => [.. getX, .. getY, .. Do(Pick(ref random, ShrU, ShrS)), .. one, .. Do(And)],
            4 => [.. getX, .. Constant(wide, 0), .. getX, .. Do(Sub, And)],
            5 => [.. getX, .. getX, .. one, .. Do(Sub, Pick(ref random, And, Xor, Or))],
            6 => [.. getX, .. count, .. Do(Shl), .. count, .. Do(Pick(ref random, ShrU, ShrS))],
            7 => [.. getX, .. getX, .. Small(ref random, wide), .. one, .. Do(Or, DivU), .. Small(ref random, wide), .. Do(Mul, Sub)],
            8 => [.. getX, .. getY, .. getX, .. getY, .. Do(LtU), Select],
            9 => Widen([.. getX, .. Small(ref random, wide), .. Do(Add), .. Small(ref random, wide), .. Do(LtU)], wide),
            10 => Widen([.. getX, .. getY, .. Do(Pick(ref random, Sub, Xor, And)), .. Constant(wide, 0), .. Do(Pick(ref random, Eq, Ne))], wide),
            11 => [.. getX, .. one, .. getY, .. Do(Shl, Pick(ref random, And, Or, Xor))],
            12 => [.. getX, .. Constant(wide, -1), .. Do(Xor), .. getY, .. Do(And)],
            13 => [.. getX, .. Small(ref random, wide), .. Do(Mul), .. getY, .. Do(Add)],
            14 => [.. getX, .. Small(ref random, wide), .. one, .. Do(Or, Pick(ref random, DivS, DivU, RemS, RemU))],
            _ => [.. getX, .. Constant(wide, 1L << bits), .. Do(Pick(ref random, DivU, RemU, And, Add, Xor))],
        };
    }

    private static byte[] Widen(byte[] test, bool wide) => wide ? [.. test, 0xad] : test;

    private static byte Pick(ref Prng random, params ReadOnlySpan<byte> choices) => choices[(int)random.Below((ulong)choices.Length)];

    private static byte[] Small(ref Prng random, bool wide) => Constant(wide, random.Chance(0.7) ? random.Between(-4, 17) : (1L << (int)random.Below(63)) - 1);

    private static byte[] Constant(bool wide, long value) => wide ? [0x42, .. ModuleWriter.S64(value)] : [0x41, .. ModuleWriter.S64((int)value)];

    /// <summary>The opcode for 64 bits of one for 32.</summary>
    private static byte Of(byte opcode, bool wide) => (byte)(!wide ? opcode : opcode < Add ? opcode + 0x0b : opcode + 0x12);
}
