using System.Reflection.Emit;
using Wetware.Core;
using Wetware.Wasm.Binary;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm.Compile;

/// <summary>Emits one function: control flow and variables here, the rest through the emitters it owns.</summary>
internal sealed class FunctionEmitter
{
    private readonly ModuleDefinition _module;
    private readonly FunctionFacts _facts;
    private readonly FunctionFrame _frame;
    private readonly FunctionType _type;
    private readonly int _function;
    private readonly ILGenerator _il;
    private readonly OperandStack _stack;
    private readonly List<Block> _blocks = [];
    private readonly MemoryEmitter _memory;
    private readonly CallEmitter _calls;
    private readonly PlainEmitter _plain;
    private readonly Label _stopped;
    private int _run;
    private int _dead;
    private bool _reachable = true;
    private bool _stops;

    public FunctionEmitter(
        ModuleDefinition module, ModuleFacts moduleFacts, FunctionFacts facts, MethodBuilder[] methods, FunctionFrame frame, int function, FunctionType type)
    {
        _module = module;
        _facts = facts;
        _frame = frame;
        _type = type;
        _function = function;
        _il = frame.Il;
        _stack = new OperandStack(frame);
        _memory = new MemoryEmitter(frame, _stack, moduleFacts, facts);
        _calls = new CallEmitter(module, methods, frame, _stack, _memory, function, type);
        _plain = new PlainEmitter(module, frame, _stack, _memory, function);
        _stopped = _il.DefineLabel();
    }

    public void Begin(int offset)
    {
        if (_facts.Calls || _facts.Loops)
        {
            var probe = _il.DeclareLocal(typeof(byte));
            _il.Emit(OpCodes.Ldloca, probe);
            _il.Emit(OpCodes.Conv_U);
            _frame.Context();
            _il.Emit(OpCodes.Volatile);
            _il.Emit(OpCodes.Ldfld, typeof(InstanceContext).GetField(nameof(InstanceContext.StackLimit))!);
            _il.Emit(OpCodes.Blt_Un, _stopped);
            _stops = true;
        }

        _frame.ReadyDisguise(_facts.Disguises);
        _memory.Begin();
        _blocks.Add(new Block(Op.Block, new FunctionType([], _type.Results.ToArray()), 0, _il.DefineLabel()));
        PayForRun(offset);
    }

    public void Step(in Instruction instruction)
    {
        if (_reachable)
        {
            Emit(instruction);
        }
        else
        {
            Skip(instruction);
        }

        if (_facts.Costs is not null && FunctionFacts.EndsRun(instruction.Opcode))
        {
            _run++;
            if (_reachable && _blocks.Count > 0)
            {
                _stack.SpillAll();
                PayForRun(instruction.Offset);
            }
        }
    }

    public void Finish(int offset)
    {
        Invariant.Check(_blocks.Count == 0);
        if (_stops)
        {
            _il.MarkLabel(_stopped);
            Throw(Methods.Stopped, offset);
        }
    }

    private void Emit(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.Call or Op.CallIndirect:
                _calls.Call(instruction);
                break;
            case Op.ReturnCall or Op.ReturnCallIndirect:
                _calls.TailCall(instruction);
                _reachable = false;
                break;
            case <= Op.Return:
                Control(instruction);
                break;
            case >= Op.LocalGet and <= Op.LocalTee:
                Variable(instruction);
                break;
            default:
                _plain.Emit(instruction);
                break;
        }
    }

    /// <summary>In code that cannot be reached only the nesting of blocks matters.</summary>
    private void Skip(in Instruction instruction)
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

    private void Control(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.Unreachable:
                _stack.PopRest();
                Throw(Methods.Unreachable, instruction.Offset);
                _reachable = false;
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
                _reachable = false;
                break;
            case Op.BrIf:
                BranchIf(instruction.Index);
                break;
            case Op.BrTable:
                BranchTable(instruction.Labels!);
                _reachable = false;
                break;
            default:
                Return();
                _reachable = false;
                break;
        }
    }

    private void Throw(System.Reflection.MethodInfo method, int offset)
    {
        _frame.Context();
        _frame.Int(_function);
        _frame.Int(offset);
        _il.Emit(OpCodes.Call, method);
        _il.Emit(OpCodes.Throw);
    }

    private void Open(in Instruction instruction)
    {
        var type = Validation.BlockTypes.Of(_module, instruction.BlockType)!;
        var parameters = type.Parameters.Length;
        var condition = instruction.Opcode == Op.If ? 1 : 0;
        _stack.SpillAll(condition);
        if (parameters > 0 && condition == 1)
        {
            // The condition must not be above the parameters on the IL stack while they are saved.
            var saved = _stack.Take();
            _stack.SlotTop(parameters);
            _stack.Emit(saved);
        }
        else if (condition == 1)
        {
            _stack.Load(1, alone: true);
        }
        else
        {
            _stack.SlotTop(parameters);
        }

        var block = new Block(instruction.Opcode, type, _stack.Count - parameters, _il.DefineLabel())
        {
            Else = condition == 1 ? _il.DefineLabel() : default,
        };
        _blocks.Add(block);
        _stack.Floor = block.Height;
        if (condition == 1)
        {
            _il.Emit(OpCodes.Brfalse, block.Else);
        }
        else if (instruction.Opcode == Op.Loop)
        {
            _il.MarkLabel(block.Target);
            _memory.Forget();
            CheckInterrupt();
        }
    }

    private void CheckInterrupt()
    {
        _frame.Context();
        _il.Emit(OpCodes.Volatile);
        _il.Emit(OpCodes.Ldfld, typeof(InstanceContext).GetField(nameof(InstanceContext.Interrupt))!);
        _il.Emit(OpCodes.Brtrue, _stopped);
        _stops = true;
    }

    private void Else()
    {
        var block = _blocks[^1];
        if (_reachable)
        {
            Leave(block);
            _il.Emit(OpCodes.Br, block.Target);
            block.IsReached = true;
        }

        _stack.Truncate(block.Height);
        foreach (var parameter in block.Type.Parameters)
        {
            _stack.PushSlot(parameter);
        }

        block.Opcode = Op.Else;
        _il.MarkLabel(block.Else);
        _memory.Forget();
        _reachable = true;
    }

    private void End()
    {
        var block = _blocks[^1];
        if (_blocks.Count == 1)
        {
            if (_reachable)
            {
                Return();
            }

            _blocks.Clear();
            return;
        }

        if (_reachable)
        {
            Leave(block);
        }

        _blocks.RemoveAt(_blocks.Count - 1);
        _stack.Floor = _blocks[^1].Height;
        _stack.Truncate(block.Height);
        if (block.Opcode == Op.If)
        {
            // No else: the parameters, which are in their slots, are the results.
            _il.MarkLabel(block.Else);
            _reachable = true;
        }

        if (block.Opcode != Op.Loop)
        {
            _il.MarkLabel(block.Target);
            _reachable |= block.IsReached;
        }

        _memory.Forget();
        foreach (var result in block.Type.Results)
        {
            _stack.PushSlot(result);
        }
    }

    /// <summary>At the end of a block: its results go where branches put them, and the IL stack is empty.</summary>
    private void Leave(Block block)
    {
        _stack.MoveTop(block.Type.Results.Length, block.Height);
        _stack.PopRest();
    }

    private Block Label(uint depth) => _blocks[_blocks.Count - 1 - (int)depth];

    private bool IsReturn(Block block) => ReferenceEquals(block, _blocks[0]);

    private void Branch(uint depth)
    {
        var block = Label(depth);
        if (IsReturn(block))
        {
            Return();
            return;
        }

        _stack.MoveTop(block.LabelTypes.Length, block.Height);
        _stack.PopRest();
        _il.Emit(OpCodes.Br, block.Target);
        block.IsReached = true;
    }

    private void BranchIf(uint depth)
    {
        var block = Label(depth);
        var arity = block.LabelTypes.Length;
        _stack.SpillBelowTop();
        if (arity == 0 && !IsReturn(block))
        {
            _stack.Load(1, alone: true);
            _il.Emit(OpCodes.Brtrue, block.Target);
            block.IsReached = true;
            return;
        }

        var condition = _stack.Take();
        if (!IsReturn(block) && _stack.IsInPlace(arity, block.Height))
        {
            _stack.Emit(condition);
            _il.Emit(OpCodes.Brtrue, block.Target);
            block.IsReached = true;
            return;
        }

        var stay = _il.DefineLabel();
        _stack.Emit(condition);
        _il.Emit(OpCodes.Brfalse, stay);
        if (IsReturn(block))
        {
            _calls.ReturnCopy();
        }
        else
        {
            _stack.CopyTop(arity, block.Height);
            _il.Emit(OpCodes.Br, block.Target);
            block.IsReached = true;
        }

        _il.MarkLabel(stay);
    }

    private void BranchTable(uint[] labels)
    {
        var arity = Label(labels[^1]).LabelTypes.Length;
        _stack.SpillBelowTop();
        var index = _stack.Take();
        _stack.SpillAll();
        var targets = new Label[labels.Length];
        var landings = new Dictionary<Block, Label>();
        for (var i = 0; i < labels.Length; i++)
        {
            var block = Label(labels[i]);
            if (!IsReturn(block) && _stack.IsInPlace(arity, block.Height))
            {
                targets[i] = block.Target;
                block.IsReached = true;
            }
            else if (!landings.TryGetValue(block, out targets[i]))
            {
                targets[i] = _il.DefineLabel();
                landings.Add(block, targets[i]);
            }
        }

        _stack.Emit(index);
        _il.Emit(OpCodes.Switch, targets[..^1]);
        _il.Emit(OpCodes.Br, targets[^1]);
        foreach (var (block, landing) in landings)
        {
            _il.MarkLabel(landing);
            if (IsReturn(block))
            {
                _calls.ReturnCopy();
                continue;
            }

            _stack.CopyTop(arity, block.Height);
            _il.Emit(OpCodes.Br, block.Target);
            block.IsReached = true;
        }
    }

    private void Return() => _calls.Return();

    private void Variable(in Instruction instruction)
    {
        var local = (int)instruction.Index;
        var type = _frame.LocalTypes[local];
        if (instruction.Opcode == Op.LocalGet)
        {
            _stack.PushLocal(type, local);
            return;
        }

        if (instruction.Opcode == Op.LocalTee && _stack[0] is { Kind: OperandKind.Local } same && same.Index == local)
        {
            return;
        }

        if (_stack[0] is { Kind: OperandKind.Local } self && self.Index == local)
        {
            _stack.Drop();
            return;
        }

        _stack.Load(1);
        _stack.Detach(local);
        _frame.StoreLocal(local);
        _memory.Changed(local);
        if (instruction.Opcode == Op.LocalTee)
        {
            _stack.PushLocal(type, local);
        }
    }

    private void PayForRun(int offset)
    {
        if (_facts.Costs is not { } costs || costs[_run] == 0)
        {
            return;
        }

        _frame.Context();
        _frame.Long(costs[_run]);
        _frame.Int(_function);
        _frame.Int(offset);
        _il.Emit(OpCodes.Call, Methods.Burn);
    }
}
