using System.Reflection.Emit;

namespace Wetware.Wasm.Compile;

/// <summary>
/// The WebAssembly operand stack at compile time. Operands stay on the IL stack within a basic block, so that the JIT sees whole
/// expressions; constants and locals are not even loaded until they are used. Around branches all operands are in slots
/// (<see cref="OperandSlots"/>). Invariant: the operands of kind Stack, bottom to top, are exactly the IL stack.
/// </summary>
internal sealed class OperandStack
{
    private readonly FunctionFrame _frame;
    private readonly List<Operand> _operands = [];

    public OperandStack(FunctionFrame frame)
    {
        _frame = frame;
        Slots = new OperandSlots(_operands, frame);
    }

    /// <summary>Where its operands are put before code that several paths reach.</summary>
    public OperandSlots Slots { get; }

    public int Count => _operands.Count;

    public Operand this[int fromTop] => _operands[_operands.Count - 1 - fromTop];

    /// <summary>Operands below this belong to outer blocks and are loaded only there, or not at all on some paths.</summary>
    public int Floor { get; set; }

    private ILGenerator Il => _frame.Il;

    /// <summary>The value of this type that the code just emitted left on the IL stack.</summary>
    public void Push(ValType type, Pending pending = Pending.Nothing) => _operands.Add(new Operand(type, OperandKind.Stack, Pending: pending));

    public void PushConstant(ValType type, ulong bits, ulong high = 0) => _operands.Add(new Operand(type, OperandKind.Constant, 0, bits, high));

    public void PushLocal(ValType type, int local) => _operands.Add(new Operand(type, OperandKind.Local, local));

    /// <summary>An operand that is in the slot of its depth.</summary>
    public void PushSlot(ValType type) => _operands.Add(new Operand(type, OperandKind.Slot, _operands.Count));

    /// <summary>Emits what brings the top <paramref name="count"/> operands onto the IL stack in order, finished, and removes them here.</summary>
    /// <param name="count">How many.</param>
    /// <param name="alone">Whether constants below stay unloaded: a branch follows.</param>
    public void Load(int count, bool alone = false)
    {
        Settle(count);
        Complete(count);
        LoadPending(count, alone);
    }

    /// <summary>Makes the top operands such that they can be loaded. It may complete some: only afterwards is it known what is pending.</summary>
    public void Settle(int count)
    {
        if (IsMixed(_operands.Count - count))
        {
            Slots.SpillFrom(_operands.Count - count);
        }
    }

    /// <summary>As <see cref="Load"/>, for what takes operands with something pending, after <see cref="Settle"/>.</summary>
    public void LoadPending(int count, bool alone = false)
    {
        var first = _operands.Count - count;
        if (count > 0 && !alone && _operands[first].Kind != OperandKind.Stack)
        {
            FlushBelow(first);
        }

        for (var i = first; i < _operands.Count; i++)
        {
            Slots.Emit(_operands[i]);
        }

        _operands.RemoveRange(first, count);
    }

    /// <summary>Whether that is pending over one of the top <paramref name="count"/> operands.</summary>
    public bool AnyPending(int count, Pending pending)
    {
        for (var i = 0; i < count; i++)
        {
            if (this[i].Pending == pending)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Emits what is pending over the top <paramref name="count"/> operands.</summary>
    public void Complete(int count)
    {
        var top = TopOnStack();
        for (var i = _operands.Count - count; i < _operands.Count; i++)
        {
            if (_operands[i].Pending == Pending.Nothing)
            {
                continue;
            }

            if (i == top)
            {
                Slots.CompleteTop(top);
            }
            else
            {
                Slots.SpillFrom(i);
                return;
            }
        }
    }

    /// <summary>Removes the top operand and gives it in a form that can be emitted any number of times: a constant, local, slot, or temporary.</summary>
    public Value Take()
    {
        Complete(1);
        return TakePending();
    }

    /// <summary>As <see cref="Take"/>, for what takes an operand with something pending.</summary>
    public Value TakePending()
    {
        var operand = this[0];
        _operands.RemoveAt(_operands.Count - 1);
        if (operand.Kind != OperandKind.Stack)
        {
            return new Value(operand, null);
        }

        var temporary = _frame.Temporary(operand.Type);
        Il.Emit(OpCodes.Stloc, temporary);
        return new Value(operand, temporary);
    }

    public void Emit(in Value value)
    {
        if (value.Temporary is { } temporary)
        {
            Il.Emit(OpCodes.Ldloc, temporary);
        }
        else
        {
            Slots.Emit(value.Operand);
        }
    }

    /// <summary>Removes the top operand without using it.</summary>
    public void Drop()
    {
        if (this[0].Kind == OperandKind.Stack)
        {
            Il.Emit(OpCodes.Pop);
        }

        _operands.RemoveAt(_operands.Count - 1);
    }

    /// <summary>Forgets operands down to a depth, without code: nothing can reach what follows.</summary>
    public void Truncate(int count) => _operands.RemoveRange(count, _operands.Count - count);

    /// <summary>Empties the IL stack of operands that a branch leaves behind.</summary>
    public void PopRest()
    {
        for (var i = _operands.Count - 1; i >= 0; i--)
        {
            if (_operands[i].Kind == OperandKind.Stack)
            {
                Il.Emit(OpCodes.Pop);
            }
        }
    }

    private int TopOnStack()
    {
        var top = _operands.Count - 1;
        while (top >= 0 && _operands[top].Kind != OperandKind.Stack)
        {
            top--;
        }

        return top;
    }

    /// <summary>Whether an operand that is not yet loaded lies below one that is.</summary>
    private bool IsMixed(int first)
    {
        var waiting = false;
        for (var i = first; i < _operands.Count; i++)
        {
            if (_operands[i].Kind != OperandKind.Stack)
            {
                waiting = true;
            }
            else if (waiting)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Loads the constants and locals that wait directly below, so that what is computed next can stay on the IL stack above them.</summary>
    private void FlushBelow(int first)
    {
        var start = first;
        while (start > Floor && _operands[start - 1].Kind is OperandKind.Constant or OperandKind.Local)
        {
            start--;
        }

        // Slots below could be loaded too, but they are where a branch wants them.
        for (var i = start; i < first; i++)
        {
            Slots.Emit(_operands[i]);
            _operands[i] = _operands[i] with { Kind = OperandKind.Stack };
        }
    }

    /// <summary>An operand that was taken off the stack.</summary>
    internal readonly record struct Value(Operand Operand, LocalBuilder? Temporary);
}
