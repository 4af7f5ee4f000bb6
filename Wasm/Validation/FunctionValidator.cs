using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Validation;

/// <summary>Validates function bodies: control flow, calls and variables here; everything else in <see cref="InstructionValidator"/>.</summary>
internal sealed class FunctionValidator
{
    private readonly ModuleDefinition _module;
    private readonly ModuleLimits _limits;
    private readonly TypeStack _stack;
    private readonly InstructionValidator _rest;
    private ValType[] _locals = [];
    private FunctionType _type = new([], []);

    public FunctionValidator(ModuleDefinition module, ModuleLimits limits)
    {
        _module = module;
        _limits = limits;
        _stack = new TypeStack(limits);
        _rest = new InstructionValidator(module, _stack);
    }

    /// <param name="body">The index of the function among those that the module defines itself.</param>
    public void Validate(int body)
    {
        var definition = _module.Bodies[body];
        _type = _module.TypeOf((uint)(_module.ImportedFunctions + body));
        _locals = [.. _type.Parameters, .. definition.Locals];
        _stack.Reset();
        _stack.Offset = definition.Offset;
        _stack.Enter(Op.Block, new FunctionType([], _type.Results.ToArray()));
        try
        {
            Walk(definition);
            definition.OperandsMax = _stack.Peak;
        }
        catch (ModuleException refusal) when (refusal.Fault == ModuleFault.Invalid)
        {
            // Bytes that are no code at all are malformed, whatever else is wrong with them.
            Scan(definition);
            throw;
        }
    }

    private void Walk(FunctionBody definition)
    {
        var reader = new InstructionReader(new ByteReader(definition.Code.Span, definition.Offset), _limits);
        while (!_stack.IsEmpty)
        {
            var instruction = reader.Next();
            _stack.Offset = instruction.Offset;
            Step(instruction);
        }

        if (!reader.AtEnd)
        {
            throw new ModuleException(ModuleFault.Malformed, reader.Offset, "section size mismatch: code after the end of a function");
        }
    }

    private void Scan(FunctionBody definition)
    {
        var reader = new InstructionReader(new ByteReader(definition.Code.Span, definition.Offset), _limits);
        for (var depth = 1; depth > 0;)
        {
            depth += reader.Next().Opcode switch
            {
                Op.Block or Op.Loop or Op.If => 1,
                Op.End => -1,
                _ => 0,
            };
        }
    }

    private void Step(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case <= Op.ReturnCallIndirect:
                Control(instruction);
                break;
            case >= Op.LocalGet and <= Op.GlobalSet:
                Variable(instruction);
                break;
            default:
                _rest.Step(instruction);
                break;
        }
    }

    private void Control(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.Unreachable:
                _stack.BecomeUnreachable();
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
                _stack.Pop(_stack.Label(instruction.Index));
                _stack.BecomeUnreachable();
                break;
            case Op.BrIf:
                _stack.Pop(ValType.I32);
                _stack.PopAndPush(_stack.Label(instruction.Index));
                break;
            case Op.BrTable:
                BranchTable(instruction.Labels!);
                break;
            case Op.Return:
                _stack.Pop(_type.Results);
                _stack.BecomeUnreachable();
                break;
            default:
                Call(instruction);
                break;
        }
    }

    private void Open(in Instruction instruction)
    {
        var type = BlockTypes.Of(_module, instruction.BlockType) ?? throw _stack.Invalid("unknown type");
        if (instruction.Opcode == Op.If)
        {
            _stack.Pop(ValType.I32);
        }

        _stack.Pop(type.Parameters);
        _stack.Enter(instruction.Opcode, type);
    }

    private void Else()
    {
        var frame = _stack.Leave();
        if (frame.Opcode != Op.If)
        {
            throw new ModuleException(ModuleFault.Malformed, _stack.Offset, "else without if");
        }

        _stack.Enter(Op.Else, frame.Type);
    }

    private void End()
    {
        var frame = _stack.Leave();
        if (frame.Opcode == Op.If && !frame.Type.Parameters.SequenceEqual(frame.Type.Results))
        {
            throw _stack.Invalid("type mismatch: if without else must leave what it takes");
        }

        if (!_stack.IsEmpty)
        {
            _stack.Push(frame.Type.Results);
        }
    }

    private void BranchTable(uint[] labels)
    {
        _stack.Pop(ValType.I32);
        var arity = _stack.Label(labels[^1]).Length;
        foreach (var label in labels)
        {
            var types = _stack.Label(label);
            if (types.Length != arity)
            {
                throw _stack.Invalid("type mismatch: labels of a br_table differ in arity");
            }

            _stack.Probe(types);
        }

        _stack.BecomeUnreachable();
    }

    private void Call(in Instruction instruction)
    {
        FunctionType type;
        if (instruction.Opcode is Op.Call or Op.ReturnCall)
        {
            type = instruction.Index < (uint)_module.Functions.Count ? _module.TypeOf(instruction.Index) : throw _stack.Invalid("unknown function");
        }
        else
        {
            _rest.Table(instruction.Second, ValType.FuncRef);
            type = instruction.Index < (uint)_module.Types.Count ? _module.Types[(int)instruction.Index] : throw _stack.Invalid("unknown type");
            _stack.Pop(ValType.I32);
        }

        _stack.Pop(type.Parameters);
        if (instruction.Opcode is Op.Call or Op.CallIndirect)
        {
            _stack.Push(type.Results);
            return;
        }

        if (!type.Results.SequenceEqual(_type.Results))
        {
            throw _stack.Invalid("type mismatch: a tail call returns other types than its function");
        }

        _stack.BecomeUnreachable();
    }

    private void Variable(in Instruction instruction)
    {
        if (instruction.Opcode is Op.GlobalGet or Op.GlobalSet)
        {
            Global(instruction);
            return;
        }

        if (instruction.Index >= (uint)_locals.Length)
        {
            throw _stack.Invalid("unknown local");
        }

        var type = _locals[instruction.Index];
        if (instruction.Opcode != Op.LocalGet)
        {
            _stack.Pop(type);
        }

        if (instruction.Opcode != Op.LocalSet)
        {
            _stack.Push(type);
        }
    }

    private void Global(in Instruction instruction)
    {
        if (instruction.Index >= (uint)_module.Globals.Count)
        {
            throw _stack.Invalid("unknown global");
        }

        var global = _module.Globals[(int)instruction.Index];
        if (instruction.Opcode == Op.GlobalGet)
        {
            _stack.Push(global.Type);
            return;
        }

        if (!global.Mutable)
        {
            throw _stack.Invalid("global is immutable");
        }

        _stack.Pop(global.Type);
    }
}
