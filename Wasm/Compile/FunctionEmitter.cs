using System.Reflection.Emit;
using Wetware.Core;
using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Compile;

/// <summary>Emits one function: its beginning, its variables and its fuel here, the rest through the emitters it owns.</summary>
internal sealed class FunctionEmitter
{
    private readonly FunctionFacts _facts;
    private readonly FunctionFrame _frame;
    private readonly FunctionType _type;
    private readonly int _function;
    private readonly OperandStack _stack;
    private readonly MemoryEmitter _memory;
    private readonly CallEmitter _calls;
    private readonly PlainEmitter _plain;
    private readonly StopEmitter _stops;
    private readonly ControlEmitter _control;
    private int _run;

    public FunctionEmitter(
        ModuleDefinition module, ModuleFacts moduleFacts, FunctionFacts facts, MethodBuilder[] methods, FunctionFrame frame, int function, FunctionType type)
    {
        _facts = facts;
        _frame = frame;
        _type = type;
        _function = function;
        _stack = new OperandStack(frame);
        _memory = new MemoryEmitter(frame, _stack, moduleFacts, facts);
        _calls = new CallEmitter(module, methods, frame, _stack, _memory, function, type);
        _plain = new PlainEmitter(module, frame, _stack, _memory, function);
        _stops = new StopEmitter(frame, function);
        _control = new ControlEmitter(module, frame, _stack, _memory, _calls, _stops);
    }

    public void Begin(int offset)
    {
        if (_facts.Calls || _facts.Loops)
        {
            _stops.CheckStack();
        }

        _frame.ReadyZeros(_facts.HiddenZeros);
        _memory.Begin();
        _control.Begin(_type);
        PayForRun(offset);
    }

    public void Step(in Instruction instruction)
    {
        if (_control.IsReachable)
        {
            Emit(instruction);
        }
        else
        {
            _control.Skip(instruction);
        }

        if (_facts.Costs is not null && FunctionFacts.EndsRun(instruction.Opcode))
        {
            _run++;
            if (_control.IsReachable && !_control.IsFinished)
            {
                _stack.Slots.SpillAll();
                PayForRun(instruction.Offset);
            }
        }
    }

    public void Finish(int offset)
    {
        Invariant.Check(_control.IsFinished);
        _stops.Finish(offset);
    }

    private void Emit(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.Call or Op.CallIndirect:
                _calls.Call(instruction);
                break;
            case <= Op.ReturnCallIndirect:
                _control.Emit(instruction);
                break;
            case >= Op.LocalGet and <= Op.LocalTee:
                Variable(instruction);
                break;
            default:
                _plain.Emit(instruction);
                break;
        }
    }

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
        _stack.Slots.Detach(local);
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
        _frame.Il.Emit(OpCodes.Call, Methods.Burn);
    }
}
