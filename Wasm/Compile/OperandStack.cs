using System.Reflection.Emit;
using Wetware.Core;

namespace Wetware.Wasm.Compile;

/// <summary>
/// The WebAssembly operand stack at compile time. Operands stay on the IL stack within a basic block, so that the JIT sees whole
/// expressions; constants and locals are not even loaded until they are used. Around branches all operands are in slots: IL locals
/// that belong to a depth and a type, the same on every path. Invariant: the operands of kind Stack, bottom to top, are exactly the IL stack.
/// </summary>
internal sealed class OperandStack(FunctionFrame frame)
{
    private readonly List<Operand> _operands = [];

    public int Count => _operands.Count;

    public Operand this[int fromTop] => _operands[_operands.Count - 1 - fromTop];

    /// <summary>Operands below this belong to outer blocks and are loaded only there, or not at all on some paths.</summary>
    public int Floor { get; set; }

    private ILGenerator Il => frame.Il;

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
            SpillFrom(_operands.Count - count);
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
            Emit(_operands[i]);
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
                CompleteTop(top);
            }
            else
            {
                SpillFrom(i);
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

        var temporary = frame.Temporary(operand.Type);
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
            Emit(value.Operand);
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

    /// <summary>Before a local is set: operands that stand for its old value are saved.</summary>
    public void Detach(int local)
    {
        for (var i = 0; i < _operands.Count; i++)
        {
            if (_operands[i].Kind == OperandKind.Local && _operands[i].Index == local)
            {
                ToSlot(i);
            }
        }
    }

    /// <summary>Empties the IL stack, and saves operands that stand for locals, before code that several paths reach; constants may stay.</summary>
    /// <param name="exceptTop">Operands at the top that are left alone when the IL stack holds none below them.</param>
    public void SpillAll(int exceptTop = 0)
    {
        var below = _operands.Count - exceptTop;
        if (HasStack(below))
        {
            SpillFrom(0);
        }

        for (var i = 0; i < below; i++)
        {
            if (_operands[i].Kind == OperandKind.Local)
            {
                ToSlot(i);
            }
        }
    }

    /// <summary>Empties the IL stack except for the top operand, if that is alone on it. Operands that stand for locals stay so.</summary>
    public void SpillBelowTop()
    {
        if (HasStack(_operands.Count - 1))
        {
            SpillFrom(0);
        }
    }

    /// <summary>Takes the top operands off the IL stack, leaving those below on it.</summary>
    public void SpillArguments(int count) => SpillFrom(_operands.Count - count);

    /// <summary>Puts the top <paramref name="count"/> operands, constants too, into the slots of their depth.</summary>
    public void SlotTop(int count)
    {
        SpillFrom(0);
        for (var i = _operands.Count - count; i < _operands.Count; i++)
        {
            ToSlot(i);
        }
    }

    /// <summary>Emits the copy of the top operands into the slots from <paramref name="depth"/> on, where a label expects them. Removes nothing.</summary>
    public void CopyTop(int count, int depth)
    {
        var first = _operands.Count - count;
        Invariant.Check(depth <= first);
        SpillFrom(0);
        for (var i = 0; i < count; i++)
        {
            var operand = _operands[first + i];
            if (operand.Kind != OperandKind.Slot || operand.Index != depth + i)
            {
                Emit(operand);
                Il.Emit(OpCodes.Stloc, frame.Slot(depth + i, operand.Type));
            }
        }
    }

    /// <summary>Whether <see cref="CopyTop"/> would emit nothing.</summary>
    public bool IsInPlace(int count, int depth)
    {
        for (var i = 0; i < count; i++)
        {
            var operand = _operands[_operands.Count - count + i];
            if (operand.Kind != OperandKind.Slot || operand.Index != depth + i)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Emits the copy into slots when all operands are on the IL stack already, top first.</summary>
    public void MoveTop(int count, int depth)
    {
        var first = _operands.Count - count;
        var all = true;
        for (var i = first; i < _operands.Count; i++)
        {
            all &= _operands[i].Kind == OperandKind.Stack;
        }

        if (!all)
        {
            CopyTop(count, depth);
            return;
        }

        for (var i = _operands.Count - 1; i >= first; i--)
        {
            CompleteTop(i);
            Il.Emit(OpCodes.Stloc, frame.Slot(depth + i - first, _operands[i].Type));
            _operands[i] = _operands[i] with { Kind = OperandKind.Slot, Index = depth + i - first };
        }
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

    public void Emit(in Operand operand)
    {
        switch (operand.Kind)
        {
            case OperandKind.Constant:
                frame.Constant(operand);
                break;
            case OperandKind.Local:
                frame.LoadLocal(operand.Index);
                break;
            case OperandKind.Slot:
                Il.Emit(OpCodes.Ldloc, frame.Slot(operand.Index, operand.Type));
                break;
            default:
                break;
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

    /// <summary>Emits what is pending over the operand that is on top of the IL stack.</summary>
    private void CompleteTop(int i)
    {
        switch (_operands[i].Pending)
        {
            case Pending.Disguise:
                frame.AddZero(_operands[i].Type);
                break;
            case Pending.IsZero:
                Il.Emit(OpCodes.Ldc_I4_0);
                Il.Emit(OpCodes.Ceq);
                break;
            case Pending.IsZero64:
                Il.Emit(OpCodes.Ldc_I4_0);
                Il.Emit(OpCodes.Conv_I8);
                Il.Emit(OpCodes.Ceq);
                break;
            default:
                break;
        }

        _operands[i] = _operands[i] with { Pending = Pending.Nothing };
    }

    private bool HasStack(int below)
    {
        for (var i = 0; i < below; i++)
        {
            if (_operands[i].Kind == OperandKind.Stack)
            {
                return true;
            }
        }

        return false;
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

    private void SpillFrom(int first)
    {
        for (var i = _operands.Count - 1; i >= first; i--)
        {
            if (_operands[i].Kind == OperandKind.Stack)
            {
                CompleteTop(i);
                Il.Emit(OpCodes.Stloc, frame.Slot(i, _operands[i].Type));
                _operands[i] = _operands[i] with { Kind = OperandKind.Slot, Index = i };
            }
        }
    }

    private void ToSlot(int i)
    {
        var operand = _operands[i];
        if (operand.Kind == OperandKind.Slot && operand.Index == i)
        {
            return;
        }

        Invariant.Check(operand.Kind != OperandKind.Stack);
        Emit(operand);
        Il.Emit(OpCodes.Stloc, frame.Slot(i, operand.Type));
        _operands[i] = operand with { Kind = OperandKind.Slot, Index = i };
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
            Emit(_operands[i]);
            _operands[i] = _operands[i] with { Kind = OperandKind.Stack };
        }
    }

    /// <summary>An operand that was taken off the stack.</summary>
    internal readonly record struct Value(Operand Operand, LocalBuilder? Temporary);
}
