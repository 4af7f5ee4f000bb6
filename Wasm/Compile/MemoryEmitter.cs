using System.Reflection.Emit;
using Wetware.Wasm.Binary;
using Wetware.Wasm.Runtime;
using Wetware.Wasm.Validation;

namespace Wetware.Wasm.Compile;

/// <summary>
/// Emits loads and stores. An access is in bounds when its end, added in 64 bits to the complement of the memory's size, does not carry;
/// add.ovf.un raises the fault otherwise. That keeps the check inside the expression: a branch would end the basic block, cost the JIT
/// time, and take it over the size beyond which it stops optimising. The sum itself is not used, so the access need not wait for it.
/// </summary>
internal sealed class MemoryEmitter(FunctionFrame frame, OperandStack stack, ModuleFacts module, FunctionFacts facts)
{
    // The width in bytes of each plain access, from i32.load on.
    private static ReadOnlySpan<byte> Widths => [4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4];

    private static readonly OpCode[] Loads =
    [
        OpCodes.Ldind_I4, OpCodes.Ldind_I8, OpCodes.Ldind_R4, OpCodes.Ldind_R8, OpCodes.Ldind_I1, OpCodes.Ldind_U1, OpCodes.Ldind_I2, OpCodes.Ldind_U2,
        OpCodes.Ldind_I1, OpCodes.Ldind_U1, OpCodes.Ldind_I2, OpCodes.Ldind_U2, OpCodes.Ldind_I4, OpCodes.Ldind_U4,
    ];

    private static readonly OpCode[] Stores =
    [
        OpCodes.Stind_I4, OpCodes.Stind_I8, OpCodes.Stind_R4, OpCodes.Stind_R8, OpCodes.Stind_I1, OpCodes.Stind_I2, OpCodes.Stind_I1, OpCodes.Stind_I2, OpCodes.Stind_I4,
    ];

    // For each local, how far beyond it an access on every path to here has already been checked. Memories never shrink.
    private readonly Dictionary<int, ulong> _checked = [];
    private LocalBuilder? _base;
    private LocalBuilder? _bias;

    private ILGenerator Il => frame.Il;

    public void Begin()
    {
        if (!facts.UsesMemory)
        {
            return;
        }

        _base = Il.DeclareLocal(typeof(byte*));
        _bias = Il.DeclareLocal(typeof(ulong));
        frame.ContextField(nameof(InstanceContext.MemoryBase));
        Il.Emit(OpCodes.Stloc, _base);
        Reload();
    }

    /// <summary>After a call, or a growth: the memory may be larger. It never moves.</summary>
    public void AfterCall()
    {
        if (_bias is not null && module.MemoryMayGrow)
        {
            Reload();
        }
    }

    /// <summary>Where several paths meet: what was checked on one need not be on the other.</summary>
    public void Forget() => _checked.Clear();

    public void Changed(int local) => _checked.Remove(local);

    public void Load(in Instruction instruction)
    {
        var opcode = instruction.Opcode - Op.I32Load;
        var type = InstructionValidator.AccessType(instruction.Opcode);
        LoadAddress(instruction.Bits, Widths[opcode]);
        Unaligned(Widths[opcode]);
        Il.Emit(Loads[opcode]);
        if (type == ValType.I64 && Widths[opcode] < sizeof(long))
        {
            Il.Emit((opcode & 1) != 0 ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
        }

        stack.Push(type);
    }

    public void Store(in Instruction instruction)
    {
        var value = stack[0].Pending == Pending.Disguise ? stack.TakePending() : stack.Take();
        var width = Widths[instruction.Opcode - Op.I32Load];
        LoadAddress(instruction.Bits, width);
        stack.Emit(value);
        Unaligned(width);
        Il.Emit(Stores[instruction.Opcode - Op.I32Store]);
    }

    /// <summary>Takes the address on top of the stack, checks an access of <paramref name="width"/> bytes, and leaves a pointer on the IL stack.</summary>
    public void LoadAddress(ulong offset, int width)
    {
        var end = offset + (ulong)width;
        if (stack[0] is { Kind: OperandKind.Constant } constant && (uint)constant.Bits + end <= module.MemoryBytesMin)
        {
            stack.Drop();
            Il.Emit(OpCodes.Ldloc, _base!);
            frame.Long((long)((uint)constant.Bits + offset));
            Il.Emit(OpCodes.Add);
            return;
        }

        var address = stack.Take();
        if (!IsChecked(address.Operand, end))
        {
            stack.Emit(address);
            Il.Emit(OpCodes.Conv_U8);
            frame.Long((long)end);
            Il.Emit(OpCodes.Add);
            Il.Emit(OpCodes.Ldloc, _bias!);
            Il.Emit(OpCodes.Add_Ovf_Un);
            Il.Emit(OpCodes.Pop);
        }

        Il.Emit(OpCodes.Ldloc, _base!);
        stack.Emit(address);
        Il.Emit(OpCodes.Conv_U8);
        Il.Emit(OpCodes.Add);
        if (offset != 0)
        {
            frame.Long((long)offset);
            Il.Emit(OpCodes.Add);
        }
    }

    public void Unaligned(int width)
    {
        if (width > 1)
        {
            Il.Emit(OpCodes.Unaligned, (byte)1);
        }
    }

    private bool IsChecked(in Operand address, ulong end)
    {
        if (address.Kind != OperandKind.Local)
        {
            return false;
        }

        if (_checked.TryGetValue(address.Index, out var known) && known >= end)
        {
            return true;
        }

        _checked[address.Index] = end;
        return false;
    }

    private void Reload()
    {
        frame.ContextField(nameof(InstanceContext.MemoryBias));
        Il.Emit(OpCodes.Stloc, _bias!);
    }
}
