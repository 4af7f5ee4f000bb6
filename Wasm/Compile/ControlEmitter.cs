using System.Reflection.Emit;
using Wetware.Core;
using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Compile;

/// <summary>Emits blocks and branches, and knows what code can be reached.</summary>
internal sealed class ControlEmitter(
    ModuleDefinition module, FunctionFrame frame, OperandStack stack, MemoryEmitter memory, CallEmitter calls, StopEmitter stops)
{
    private readonly List<Block> _blocks = [];

    // Blocks opened in code that cannot be reached, where only their nesting matters.
    private int _dead;

    /// <summary>Whether what follows can be reached.</summary>
    public bool IsReachable { get; private set; } = true;

    /// <summary>Whether the function's last end has been met.</summary>
    public bool IsFinished => _blocks.Count == 0;

    private ILGenerator Il => frame.Il;

    public void Begin(FunctionType type) => _blocks.Add(new Block(Op.Block, new FunctionType([], type.Results.ToArray()), 0, Il.DefineLabel()));

    public void Emit(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.Unreachable:
                stack.PopRest();
                stops.Throw(Methods.Unreachable, instruction.Offset);
                IsReachable = false;
                break;
            case Op.Nop:
                break;
            case Op.Block or Op.Loop or Op.If:
                Open(instruction);
                break;
            case Op.Else:
                Else();
                break;
            case Op.End:
                End();
                break;
            case Op.Br:
                Branch(instruction.Index);
                IsReachable = false;
                break;
            case Op.BrIf:
                BranchIf(instruction.Index);
                break;
            case Op.BrTable:
                BranchTable(instruction.Labels!);
                IsReachable = false;
                break;
            case Op.ReturnCall or Op.ReturnCallIndirect:
                calls.TailCall(instruction);
                IsReachable = false;
                break;
            default:
                calls.Return();
                IsReachable = false;
                break;
        }
    }

    /// <summary>An instruction that cannot be reached.</summary>
    public void Skip(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.Block or Op.Loop or Op.If:
                _dead++;
                break;
            case Op.Else when _dead == 0:
                Else();
                break;
            case Op.End when _dead == 0:
                End();
                break;
            case Op.End:
                _dead--;
                break;
            default:
                break;
        }
    }

    private void Open(in Instruction instruction)
    {
        var type = Validation.BlockTypes.Of(module, instruction.BlockType)!;
        var parameters = type.Parameters.Length;
        var condition = instruction.Opcode == Op.If ? 1 : 0;
        stack.Slots.SpillAll(condition);
        if (parameters > 0 && condition == 1)
        {
            // The condition must not be above the parameters on the IL stack while they are saved.
            var saved = stack.Take();
            stack.Slots.SlotTop(parameters);
            stack.Emit(saved);
        }
        else if (condition == 1)
        {
            stack.Load(1, alone: true);
        }
        else
        {
            stack.Slots.SlotTop(parameters);
        }

        var block = new Block(instruction.Opcode, type, stack.Count - parameters, Il.DefineLabel())
        {
            Else = condition == 1 ? Il.DefineLabel() : default,
        };
        _blocks.Add(block);
        stack.Floor = block.Height;
        if (condition == 1)
        {
            Il.Emit(OpCodes.Brfalse, block.Else);
        }
        else if (instruction.Opcode == Op.Loop)
        {
            Il.MarkLabel(block.Target);
            memory.Forget();
        }
    }

    private void Else()
    {
        var block = _blocks[^1];
        if (IsReachable)
        {
            Leave(block);
            Il.Emit(OpCodes.Br, block.Target);
            block.IsReached = true;
        }

        stack.Truncate(block.Height);
        foreach (var parameter in block.Type.Parameters)
        {
            stack.PushSlot(parameter);
        }

        block.Opcode = Op.Else;
        Il.MarkLabel(block.Else);
        memory.Forget();
        IsReachable = true;
    }

    private void End()
    {
        var block = _blocks[^1];
        if (_blocks.Count == 1)
        {
            if (IsReachable)
            {
                calls.Return();
            }

            _blocks.Clear();
            return;
        }

        if (IsReachable)
        {
            Leave(block);
        }

        _blocks.RemoveAt(_blocks.Count - 1);
        stack.Floor = _blocks[^1].Height;
        stack.Truncate(block.Height);
        if (block.Opcode == Op.If)
        {
            // No else: the parameters, which are in their slots, are the results.
            Il.MarkLabel(block.Else);
            IsReachable = true;
        }

        if (block.Opcode != Op.Loop)
        {
            Il.MarkLabel(block.Target);
            IsReachable |= block.IsReached;
        }

        memory.Forget();
        foreach (var result in block.Type.Results)
        {
            stack.PushSlot(result);
        }
    }

    /// <summary>At the end of a block: its results go where branches put them, and the IL stack is empty.</summary>
    private void Leave(Block block)
    {
        stack.Slots.MoveTop(block.Type.Results.Length, block.Height);
        stack.PopRest();
    }

    private Block Label(uint depth) => _blocks[_blocks.Count - 1 - (int)depth];

    private bool IsReturn(Block block) => ReferenceEquals(block, _blocks[0]);

    private void Branch(uint depth)
    {
        var block = Label(depth);
        if (IsReturn(block))
        {
            calls.Return();
            return;
        }

        stack.Slots.MoveTop(block.LabelTypes.Length, block.Height);
        stack.PopRest();
        Jump(block);
    }

    private void BranchIf(uint depth)
    {
        var block = Label(depth);
        var arity = block.LabelTypes.Length;
        stack.Slots.SpillBelowTop();
        if (arity == 0 && !IsReturn(block))
        {
            stack.Load(1, alone: true);
            JumpIf(block);
            return;
        }

        var condition = stack.Take();
        stack.Emit(condition);
        if (!IsReturn(block) && stack.Slots.IsInPlace(arity, block.Height))
        {
            JumpIf(block);
            return;
        }

        var stay = Il.DefineLabel();
        Il.Emit(OpCodes.Brfalse, stay);
        if (IsReturn(block))
        {
            calls.ReturnCopy();
        }
        else
        {
            stack.Slots.CopyTop(arity, block.Height);
            Jump(block);
        }

        Il.MarkLabel(stay);
    }

    /// <summary>Goes to a block if what is on the IL stack, alone, is not zero. The block's operands are in their slots.</summary>
    private void JumpIf(Block block)
    {
        if (block.Opcode != Op.Loop)
        {
            Il.Emit(OpCodes.Brtrue, block.Target);
            block.IsReached = true;
            return;
        }

        var stay = Il.DefineLabel();
        Il.Emit(OpCodes.Brfalse, stay);
        Jump(block);
        Il.MarkLabel(stay);
    }

    private void Jump(Block block)
    {
        if (block.Opcode == Op.Loop)
        {
            stops.Repeat(block.Target);
        }
        else
        {
            Il.Emit(OpCodes.Br, block.Target);
        }

        block.IsReached = true;
    }

    private void BranchTable(uint[] labels)
    {
        var arity = Label(labels[^1]).LabelTypes.Length;
        stack.Slots.SpillBelowTop();
        var index = stack.Take();
        stack.Slots.SpillAll();
        var targets = new Label[labels.Length];
        var landings = new Dictionary<Block, Label>();
        for (var i = 0; i < labels.Length; i++)
        {
            var block = Label(labels[i]);
            if (!IsReturn(block) && block.Opcode != Op.Loop && stack.Slots.IsInPlace(arity, block.Height))
            {
                targets[i] = block.Target;
                block.IsReached = true;
            }
            else if (!landings.TryGetValue(block, out targets[i]))
            {
                targets[i] = Il.DefineLabel();
                landings.Add(block, targets[i]);
            }
        }

        stack.Emit(index);
        Il.Emit(OpCodes.Switch, targets[..^1]);
        Il.Emit(OpCodes.Br, targets[^1]);
        foreach (var (block, landing) in landings)
        {
            Il.MarkLabel(landing);
            if (IsReturn(block))
            {
                calls.ReturnCopy();
                continue;
            }

            stack.Slots.CopyTop(arity, block.Height);
            Jump(block);
        }
    }
}
