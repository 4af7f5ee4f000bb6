using System.Reflection.Emit;
using Wetware.Core;

namespace Wetware.Wasm.Compile;

/// <summary>
/// Moves the operands of an <see cref="OperandStack"/> off the IL stack, into slots: IL locals that belong to a depth and a type. Where several paths meet, each of them has
/// put its operands into the same ones. Shares the list of operands with its stack, and keeps its invariant.
/// </summary>
internal sealed class OperandSlots(List<Operand> operands, FunctionFrame frame)
{
    private ILGenerator Il => frame.Il;

    /// <summary>Before a local is set: operands that stand for its old value are saved.</summary>
    public void Detach(int local)
    {
        for (var i = 0; i < operands.Count; i++)
        {
            if (operands[i].Kind == OperandKind.Local && operands[i].Index == local)
            {
                ToSlot(i);
            }
        }
    }

    /// <summary>Empties the IL stack, and saves operands that stand for locals, before code that several paths reach; constants may stay.</summary>
    /// <param name="exceptTop">Operands at the top that are left alone when the IL stack holds none below them.</param>
    public void SpillAll(int exceptTop = 0)
    {
        var below = operands.Count - exceptTop;
        if (HasStack(below))
        {
            SpillFrom(0);
        }

        for (var i = 0; i < below; i++)
        {
            if (operands[i].Kind == OperandKind.Local)
            {
                ToSlot(i);
            }
        }
    }

    /// <summary>Empties the IL stack except for the top operand, if that is alone on it. Operands that stand for locals stay so.</summary>
    public void SpillBelowTop()
    {
        if (HasStack(operands.Count - 1))
        {
            SpillFrom(0);
        }
    }

    /// <summary>Takes the top operands off the IL stack, leaving those below on it.</summary>
    public void SpillTop(int count) => SpillFrom(operands.Count - count);

    /// <summary>Takes the operands from a depth on off the IL stack.</summary>
    public void SpillFrom(int first)
    {
        for (var i = operands.Count - 1; i >= first; i--)
        {
            if (operands[i].Kind == OperandKind.Stack)
            {
                CompleteTop(i);
                Il.Emit(OpCodes.Stloc, frame.Slot(i, operands[i].Type));
                operands[i] = operands[i] with { Kind = OperandKind.Slot, Index = i };
            }
        }
    }

    /// <summary>Puts the top <paramref name="count"/> operands, constants too, into the slots of their depth.</summary>
    public void SlotTop(int count)
    {
        SpillFrom(0);
        for (var i = operands.Count - count; i < operands.Count; i++)
        {
            ToSlot(i);
        }
    }

    /// <summary>Emits the copy of the top operands into the slots from <paramref name="depth"/> on, where a label expects them. Removes nothing.</summary>
    public void CopyTop(int count, int depth)
    {
        var first = operands.Count - count;
        Invariant.Check(depth <= first);
        SpillFrom(0);
        for (var i = 0; i < count; i++)
        {
            var operand = operands[first + i];
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
            var operand = operands[operands.Count - count + i];
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
        var first = operands.Count - count;
        var all = true;
        for (var i = first; i < operands.Count; i++)
        {
            all &= operands[i].Kind == OperandKind.Stack;
        }

        if (!all)
        {
            CopyTop(count, depth);
            return;
        }

        for (var i = operands.Count - 1; i >= first; i--)
        {
            CompleteTop(i);
            Il.Emit(OpCodes.Stloc, frame.Slot(depth + i - first, operands[i].Type));
            operands[i] = operands[i] with { Kind = OperandKind.Slot, Index = depth + i - first };
        }
    }

    /// <summary>Emits the load of an operand; nothing for one on the IL stack.</summary>
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

    /// <summary>Emits what is pending over the operand that is on top of the IL stack.</summary>
    public void CompleteTop(int i)
    {
        switch (operands[i].Pending)
        {
            case Pending.Disguise:
                frame.AddZero(operands[i].Type);
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

        operands[i] = operands[i] with { Pending = Pending.Nothing };
    }

    /// <summary>Whether one of the lowest operands is on the IL stack.</summary>
    private bool HasStack(int below)
    {
        for (var i = 0; i < below; i++)
        {
            if (operands[i].Kind == OperandKind.Stack)
            {
                return true;
            }
        }

        return false;
    }

    private void ToSlot(int i)
    {
        var operand = operands[i];
        if (operand.Kind == OperandKind.Slot && operand.Index == i)
        {
            return;
        }

        Invariant.Check(operand.Kind != OperandKind.Stack);
        Emit(operand);
        Il.Emit(OpCodes.Stloc, frame.Slot(i, operand.Type));
        operands[i] = operand with { Kind = OperandKind.Slot, Index = i };
    }
}
