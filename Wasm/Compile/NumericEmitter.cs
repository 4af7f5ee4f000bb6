using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using Wetware.Wasm.Binary;
using Wetware.Wasm.Runtime;
using Wetware.Wasm.Validation;

namespace Wetware.Wasm.Compile;

/// <summary>Emits the numeric instructions. Most are a few IL opcodes, given by a table; the rest call a method.</summary>
internal sealed class NumericEmitter
{
    private static readonly MethodInfo BitsToSingle = Methods.Of(typeof(BitConverter), nameof(BitConverter.Int32BitsToSingle));
    private static readonly MethodInfo BitsToDouble = Methods.Of(typeof(BitConverter), nameof(BitConverter.Int64BitsToDouble));
    private static readonly MethodInfo SingleToBits = Methods.Of(typeof(BitConverter), nameof(BitConverter.SingleToInt32Bits));
    private static readonly MethodInfo DoubleToBits = Methods.Of(typeof(BitConverter), nameof(BitConverter.DoubleToInt64Bits));

    // By opcode: IL opcodes to emit, or one method to call. A sited method also takes the context, the function and the offset.
    private static readonly Recipe?[] Recipes = Build();

    private readonly FunctionFrame _frame;
    private readonly OperandStack _stack;
    private readonly int _function;

    public NumericEmitter(FunctionFrame frame, OperandStack stack, int function)
    {
        _frame = frame;
        _stack = stack;
        _function = function;
    }

    public void Emit(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.I32Eqz:
                _stack.Load(1);
                _stack.Push(ValType.I32, Pending.IsZero);
                break;
            case Op.I64Eqz:
                _stack.Load(1);
                _stack.Push(ValType.I32, Pending.IsZero64);
                break;
            case Op.I32ShrU:
                ShiftRight();
                break;
            case Op.I64ShrU:
                ShiftRight64();
                break;
            case (>= Op.I32Add and <= Op.I32Sub) or (>= Op.I32And and <= Op.I32Xor) or (>= Op.I64Add and <= Op.I64Sub) or (>= Op.I64And and <= Op.I64Xor):
                Combine(instruction.Opcode);
                break;
            default:
                Table(instruction);
                break;
        }
    }

    private void Table(in Instruction instruction)
    {
        var signature = NumericSignatures.Of(instruction.Opcode);
        var il = _frame.Il;
        var recipe = Recipes[instruction.Opcode >= Op.FirstTruncSat ? instruction.Opcode - Op.FirstTruncSat : instruction.Opcode]!;
        var divisor = _stack[0];
        _stack.Load(signature.Length - 1);
        if (recipe.Plain is { } plain && IsSafeDivisor(divisor))
        {
            il.Emit(plain);
        }
        else if (recipe.Method is { } method)
        {
            if (recipe.IsSited)
            {
                _frame.Context();
                _frame.Int(_function);
                _frame.Int(instruction.Offset);
            }

            il.Emit(OpCodes.Call, method);
        }

        foreach (var opcode in recipe.Then)
        {
            if (opcode == OpCodes.Ldc_I4_S)
            {
                // Shift counts are taken modulo the width.
                _frame.Int(signature[0] == ValType.I32 ? 31 : 63);
            }
            else
            {
                il.Emit(opcode);
            }
        }

        var isRotation = instruction.Opcode is Op.I32Rotl or Op.I32Rotr or Op.I64Rotl or Op.I64Rotr;
        _stack.Push(signature[^1], isRotation ? Pending.Disguise : Pending.Nothing);
    }

    /// <summary>
    /// An operation that may take rotations as they are. With two it may be a rotation itself, where the JIT knows one to be zero; with one, the
    /// other operand is made unknown, which keeps the addition out of the rotation's way.
    /// </summary>
    private void Combine(int opcode)
    {
        _stack.Settle(2);
        if (_stack.AnyPending(2, Pending.IsZero) || _stack.AnyPending(2, Pending.IsZero64))
        {
            _stack.Complete(2);
        }

        var type = opcode <= Op.I32Xor ? ValType.I32 : ValType.I64;
        var (below, top) = (_stack[1].Pending == Pending.Disguise, _stack[0].Pending == Pending.Disguise);
        _stack.LoadPending(2);
        if (below && !top)
        {
            _frame.AddZero(type);
        }
        else if (top && !below)
        {
            var rotation = _frame.Temporary(type);
            _frame.Il.Emit(OpCodes.Stloc, rotation);
            _frame.AddZero(type);
            _frame.Il.Emit(OpCodes.Ldloc, rotation);
        }

        _frame.Il.Emit(Recipes[opcode]!.Then[0]);
        _stack.Push(type, below && top ? Pending.Disguise : Pending.Nothing);
    }

    /// <summary>
    /// i32.shr_u as a shift of 64 bits, at no cost: the JIT takes x shl n combined with x shr (32 - n) to be a rotation, errs about n = 0,
    /// and about comparisons of the rotation with zero (docs/decisions/0402).
    /// </summary>
    private void ShiftRight()
    {
        var il = _frame.Il;
        var count = _stack.Take();
        _stack.Load(1);
        il.Emit(OpCodes.Conv_U8);
        _stack.Emit(count);
        _frame.Int(31);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Shr);
        il.Emit(OpCodes.Conv_I4);
        _stack.Push(ValType.I32);
    }

    /// <summary>For the same reason the JIT does not know the count of i64.shr_u. Nothing waits for the addition but the shift, where the count is constant.</summary>
    private void ShiftRight64()
    {
        var il = _frame.Il;
        var count = _stack.Take();
        _stack.Load(1);
        _stack.Emit(count);
        il.Emit(OpCodes.Conv_I4);
        _frame.AddZero(ValType.I32);
        _frame.Int(63);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Shr_Un);
        _stack.Push(ValType.I64);
    }

    /// <summary>Division by a constant other than 0 and -1 cannot trap.</summary>
    private static bool IsSafeDivisor(in Operand divisor) =>
        divisor.Kind == OperandKind.Constant && (divisor.Type == ValType.I32 ? (int)divisor.Bits : (long)divisor.Bits) is not (0 or -1);

    private static Recipe?[] Build()
    {
        var table = new Recipe?[Op.LastNumeric + 1];
        Comparisons(table);
        Integers(table, 0x67, isLong: false);
        Integers(table, 0x79, isLong: true);
        FloatingPoint(table, 0x8b, typeof(float), typeof(MathF));
        FloatingPoint(table, 0x99, typeof(double), typeof(Math));
        Conversions(table);
        Saturations(table);
        return table;
    }

    private static void Comparisons(Recipe?[] table)
    {
        OpCode[] not = [OpCodes.Ldc_I4_0, OpCodes.Ceq];
        OpCode[][] integers =
        [
            [OpCodes.Ceq], [OpCodes.Ceq, .. not], [OpCodes.Clt], [OpCodes.Clt_Un], [OpCodes.Cgt], [OpCodes.Cgt_Un],
            [OpCodes.Cgt, .. not], [OpCodes.Cgt_Un, .. not], [OpCodes.Clt, .. not], [OpCodes.Clt_Un, .. not],
        ];

        // A comparison of floats that shall be false for NaN is the negation of an unordered one.
        OpCode[][] floats =
        [
            [OpCodes.Ceq], [OpCodes.Ceq, .. not], [OpCodes.Clt], [OpCodes.Cgt], [OpCodes.Cgt_Un, .. not], [OpCodes.Clt_Un, .. not],
        ];
        for (var i = 0; i < integers.Length; i++)
        {
            table[Op.I32Eqz + 1 + i] = table[Op.I64Eqz + 1 + i] = new Recipe(integers[i]);
        }

        for (var i = 0; i < floats.Length; i++)
        {
            table[0x5b + i] = table[0x61 + i] = new Recipe(floats[i]);
        }
    }

    private static void Integers(Recipe?[] table, int first, bool isLong)
    {
        var (signed, unsigned) = isLong ? (typeof(long), typeof(ulong)) : (typeof(int), typeof(uint));
        OpCode[] widen = isLong ? [OpCodes.Conv_I8] : [];
        table[first] = new Recipe(Methods.Of(typeof(BitOperations), nameof(BitOperations.LeadingZeroCount), unsigned), widen);
        table[first + 1] = new Recipe(Methods.Of(typeof(BitOperations), nameof(BitOperations.TrailingZeroCount), unsigned), widen);
        table[first + 2] = new Recipe(Methods.Of(typeof(BitOperations), nameof(BitOperations.PopCount), unsigned), widen);
        table[first + 3] = new Recipe([OpCodes.Add]);
        table[first + 4] = new Recipe([OpCodes.Sub]);
        table[first + 5] = new Recipe([OpCodes.Mul]);
        table[first + 6] = Division(nameof(Arithmetic.DivS), signed, OpCodes.Div);
        table[first + 7] = Division(nameof(Arithmetic.DivU), unsigned, OpCodes.Div_Un);
        table[first + 8] = Division(nameof(Arithmetic.RemS), signed, OpCodes.Rem);
        table[first + 9] = Division(nameof(Arithmetic.RemU), unsigned, OpCodes.Rem_Un);
        table[first + 10] = new Recipe([OpCodes.And]);
        table[first + 11] = new Recipe([OpCodes.Or]);
        table[first + 12] = new Recipe([OpCodes.Xor]);
        OpCode[] narrow = isLong ? [OpCodes.Conv_I4] : [];
        OpCode[] masked = [.. narrow, OpCodes.Ldc_I4_S, OpCodes.And];
        table[first + 13] = new Recipe([.. masked, OpCodes.Shl]);
        table[first + 14] = new Recipe([.. masked, OpCodes.Shr]);
        table[first + 16] = new Recipe(Methods.Of(typeof(Arithmetic), nameof(Arithmetic.RotateLeft), signed, signed), []);
        table[first + 17] = new Recipe(Methods.Of(typeof(Arithmetic), nameof(Arithmetic.RotateRight), signed, signed), []);
    }

    private static Recipe Division(string name, Type type, OpCode plain) => new([])
    {
        Method = Methods.Of(typeof(Arithmetic), name, type, type, typeof(InstanceContext), typeof(int), typeof(int)),
        Plain = plain,
        IsSited = true,
    };

    private static void FloatingPoint(Recipe?[] table, int first, Type type, Type math)
    {
        table[first] = new Recipe(Methods.Of(typeof(Floats), nameof(Floats.Abs), type), []);
        table[first + 1] = new Recipe(Methods.Of(typeof(Floats), nameof(Floats.Neg), type), []);
        table[first + 2] = new Recipe(Methods.Of(math, nameof(Math.Ceiling), type), []);
        table[first + 3] = new Recipe(Methods.Of(math, nameof(Math.Floor), type), []);
        table[first + 4] = new Recipe(Methods.Of(math, nameof(Math.Truncate), type), []);
        table[first + 5] = new Recipe(Methods.Of(math, nameof(Math.Round), type), []);
        table[first + 6] = new Recipe(Methods.Of(math, nameof(Math.Sqrt), type), []);
        table[first + 7] = new Recipe([OpCodes.Add]);
        table[first + 8] = new Recipe([OpCodes.Sub]);
        table[first + 9] = new Recipe([OpCodes.Mul]);
        table[first + 10] = new Recipe([OpCodes.Div]);
        table[first + 11] = new Recipe(Methods.Of(typeof(Floats), nameof(Floats.Min), type, type), []);
        table[first + 12] = new Recipe(Methods.Of(typeof(Floats), nameof(Floats.Max), type, type), []);
        table[first + 13] = new Recipe(Methods.Of(typeof(Floats), nameof(Floats.CopySign), type, type), []);
    }

    private static void Conversions(Recipe?[] table)
    {
        table[0xa7] = new Recipe([OpCodes.Conv_I4]);
        string[] truncations = [nameof(Truncation.I32S), nameof(Truncation.I32U), nameof(Truncation.I64S), nameof(Truncation.I64U)];
        for (var i = 0; i < 4; i++)
        {
            // f32_s, f32_u, f64_s, f64_u; an f32 widens to f64 without loss.
            table[0xa8 + i] = Sited(truncations[i & 1]);
            table[0xae + i] = Sited(truncations[2 + (i & 1)]);
        }

        table[0xac] = new Recipe([OpCodes.Conv_I8]);
        table[0xad] = new Recipe([OpCodes.Conv_U8]);
        table[0xb2] = new Recipe([OpCodes.Conv_R4]);
        table[0xb3] = new Recipe([OpCodes.Conv_U8, OpCodes.Conv_R4]);
        table[0xb4] = new Recipe([OpCodes.Conv_R4]);
        table[0xb5] = new Recipe(Methods.Of(typeof(Floats), nameof(Floats.ToSingle)), []);
        table[0xb6] = new Recipe(Methods.Of(typeof(Floats), nameof(Floats.Demote)), []);
        table[0xb7] = new Recipe([OpCodes.Conv_R8]);
        table[0xb8] = new Recipe([OpCodes.Conv_U8, OpCodes.Conv_R8]);
        table[0xb9] = new Recipe([OpCodes.Conv_R8]);
        table[0xba] = new Recipe(Methods.Of(typeof(Floats), nameof(Floats.ToDouble)), []);
        table[0xbb] = new Recipe(Methods.Of(typeof(Floats), nameof(Floats.Promote)), []);
        table[0xbc] = new Recipe(SingleToBits, []);
        table[0xbd] = new Recipe(DoubleToBits, []);
        table[0xbe] = new Recipe(BitsToSingle, []);
        table[0xbf] = new Recipe(BitsToDouble, []);
        table[0xc0] = new Recipe([OpCodes.Conv_I1]);
        table[0xc1] = new Recipe([OpCodes.Conv_I2]);
        table[0xc2] = new Recipe([OpCodes.Conv_I1, OpCodes.Conv_I8]);
        table[0xc3] = new Recipe([OpCodes.Conv_I2, OpCodes.Conv_I8]);
        table[0xc4] = new Recipe([OpCodes.Conv_I4, OpCodes.Conv_I8]);
    }

    private static void Saturations(Recipe?[] table)
    {
        string[] names = [nameof(Truncation.SatI32S), nameof(Truncation.SatI32U), nameof(Truncation.SatI64S), nameof(Truncation.SatI64U)];
        for (var i = 0; i < 8; i++)
        {
            table[i] = new Recipe(Methods.Of(typeof(Truncation), names[(i & 1) + (i >= 4 ? 2 : 0)]), []);
        }
    }

    private static Recipe Sited(string name) => new([]) { Method = Methods.Of(typeof(Truncation), name), IsSited = true };

    /// <summary>How one instruction is emitted.</summary>
    private sealed record Recipe(OpCode[] Then)
    {
        public Recipe(MethodInfo method, OpCode[] then)
            : this(then) => Method = method;

        /// <summary>The method to call first, if any.</summary>
        public MethodInfo? Method { get; init; }

        /// <summary>What replaces the method when the divisor is a harmless constant.</summary>
        public OpCode? Plain { get; init; }

        /// <summary>Whether the method can trap, and takes the context, the function and the offset.</summary>
        public bool IsSited { get; init; }
    }
}
