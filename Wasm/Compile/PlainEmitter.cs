using System.Reflection;
using System.Reflection.Emit;
using Wetware.Wasm.Binary;
using Wetware.Wasm.Runtime;
using Wetware.Wasm.Validation;

namespace Wetware.Wasm.Compile;

/// <summary>Emits the instructions without control flow: constants, globals, tables, references, bulk operations; numbers and vectors through their own emitters.</summary>
internal sealed class PlainEmitter
{
    private readonly ModuleDefinition _module;
    private readonly FunctionFrame _frame;
    private readonly OperandStack _stack;
    private readonly MemoryEmitter _memory;
    private readonly NumericEmitter _numbers;
    private readonly VectorEmitter _vectors;
    private readonly int _function;

    public PlainEmitter(ModuleDefinition module, FunctionFrame frame, OperandStack stack, MemoryEmitter memory, int function)
    {
        _module = module;
        _frame = frame;
        _stack = stack;
        _memory = memory;
        _function = function;
        _numbers = new NumericEmitter(frame, stack, function);
        _vectors = new VectorEmitter(frame, stack, memory);
    }

    private ILGenerator Il => _frame.Il;

    public void Emit(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case (>= Op.FirstNumeric and <= Op.LastNumeric) or (>= Op.FirstTruncSat and <= Op.LastTruncSat):
                _numbers.Emit(instruction);
                break;
            case >= Op.I32Const and <= Op.F64Const:
                _stack.PushConstant(InstructionValidator.ConstantType(instruction.Opcode), instruction.Bits);
                break;
            case >= Op.I32Load and < Op.I32Store:
                _memory.Load(instruction);
                break;
            case >= Op.I32Store and <= Op.I64Store32:
                _memory.Store(instruction);
                break;
            case >= Op.V128Load:
                _vectors.Emit(instruction);
                break;
            case >= Op.MemoryInit:
                Bulk(instruction);
                break;
            default:
                Simple(instruction);
                break;
        }
    }

    private void Simple(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.Drop:
                _stack.Drop();
                break;
            case Op.Select or Op.SelectTyped:
                Select();
                break;
            case Op.GlobalGet or Op.GlobalSet:
                Global(instruction);
                break;
            case Op.TableGet:
                _stack.Load(1);
                _frame.Int((int)instruction.Index);
                CallHelper(typeof(BulkTable), nameof(BulkTable.Get), instruction, sited: true);
                _stack.Push(_module.Tables[(int)instruction.Index].Element);
                break;
            case Op.TableSet:
                _stack.Load(2);
                _frame.Int((int)instruction.Index);
                CallHelper(typeof(BulkTable), nameof(BulkTable.Set), instruction, sited: true);
                break;
            case Op.MemorySize:
                _frame.Context();
                Il.Emit(OpCodes.Call, Methods.MemorySize);
                _stack.Push(ValType.I32);
                break;
            case Op.MemoryGrow:
                _stack.Load(1);
                _frame.Context();
                Il.Emit(OpCodes.Call, Methods.MemoryGrow);
                _stack.Push(ValType.I32);
                _memory.AfterCall();
                break;
            default:
                Reference(instruction);
                break;
        }
    }

    private void Select()
    {
        _stack.Settle(3);
        var type = _stack[1].Type;
        var pending = _stack[0].Pending;
        if (pending is Pending.IsZero or Pending.IsZero64 && type is ValType.I32 or ValType.I64
            && _stack[1].Pending == Pending.Nothing && _stack[2].Pending == Pending.Nothing)
        {
            _stack.LoadPending(3);
            Il.Emit(OpCodes.Call, Methods.SelectIfZero(type, pending == Pending.IsZero64));
        }
        else
        {
            _stack.Load(3);
            Il.Emit(OpCodes.Call, Methods.Select(type));
        }

        _stack.Push(type);
    }

    private void Reference(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.RefNull:
                _stack.PushConstant(instruction.Type, 0);
                break;
            case Op.RefIsNull:
                _stack.Load(1);
                Il.Emit(OpCodes.Ldnull);
                Il.Emit(OpCodes.Ceq);
                _stack.Push(ValType.I32);
                break;
            default:
                Core.Invariant.Check(instruction.Opcode == Op.RefFunc);
                _frame.Int((int)instruction.Index);
                _frame.Context();
                Il.Emit(OpCodes.Call, Methods.Function);
                _stack.Push(ValType.FuncRef);
                break;
        }
    }

    private void Global(in Instruction instruction)
    {
        var index = (int)instruction.Index;
        var type = _module.Globals[index].Type;
        var set = instruction.Opcode == Op.GlobalSet;
        var value = set ? _stack.Take() : default;
        if (type is ValType.FuncRef or ValType.ExternRef)
        {
            _frame.ContextField(nameof(InstanceContext.ReferenceGlobals));
            _frame.Int(index);
            Il.Emit(OpCodes.Ldelem_Ref);
            ReferenceAccess(set, value);
        }
        else
        {
            GlobalAddress(index);
            if (set)
            {
                _stack.Emit(value);
            }

            Results.Indirect(Il, type, set);
        }

        if (!set)
        {
            _stack.Push(type);
        }
    }

    private void GlobalAddress(int index)
    {
        var own = index - _module.ImportedGlobals;
        if (own >= 0)
        {
            _frame.ContextField(nameof(InstanceContext.Globals));
            _frame.Int(own * Wasm.Global.SlotBytes);
            Il.Emit(OpCodes.Add);
            return;
        }

        _frame.ContextField(nameof(InstanceContext.GlobalSlots));
        _frame.Int(index * sizeof(long));
        Il.Emit(OpCodes.Add);
        Il.Emit(OpCodes.Ldind_I);
    }

    private void ReferenceAccess(bool set, in OperandStack.Value value)
    {
        var field = typeof(Global).GetField(nameof(Wasm.Global.Reference), BindingFlags.Instance | BindingFlags.NonPublic)!;
        if (set)
        {
            _stack.Emit(value);
        }

        Il.Emit(set ? OpCodes.Stfld : OpCodes.Ldfld, field);
    }

    private void Bulk(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.MemoryInit:
                _stack.Load(3);
                _frame.Int((int)instruction.Index);
                CallHelper(typeof(BulkMemory), nameof(BulkMemory.Init), instruction, sited: true);
                break;
            case Op.DataDrop:
                _frame.Int((int)instruction.Index);
                CallHelper(typeof(BulkMemory), nameof(BulkMemory.Drop), instruction, sited: false);
                break;
            case Op.MemoryCopy or Op.MemoryFill:
                _stack.Load(3);
                var name = instruction.Opcode == Op.MemoryCopy ? nameof(BulkMemory.Copy) : nameof(BulkMemory.Fill);
                CallHelper(typeof(BulkMemory), name, instruction, sited: true);
                break;
            default:
                BulkOfTable(instruction);
                break;
        }
    }

    private void BulkOfTable(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.TableInit or Op.TableCopy:
                _stack.Load(3);
                _frame.Int((int)instruction.Index);
                _frame.Int((int)instruction.Second);
                var name = instruction.Opcode == Op.TableInit ? nameof(BulkTable.Init) : nameof(BulkTable.Copy);
                CallHelper(typeof(BulkTable), name, instruction, sited: true);
                break;
            case Op.ElemDrop:
                _frame.Int((int)instruction.Index);
                CallHelper(typeof(BulkTable), nameof(BulkTable.Drop), instruction, sited: false);
                break;
            case Op.TableGrow:
                _stack.Load(2);
                _frame.Int((int)instruction.Index);
                CallHelper(typeof(BulkTable), nameof(BulkTable.Grow), instruction, sited: false);
                _stack.Push(ValType.I32);
                break;
            case Op.TableFill:
                _stack.Load(3);
                _frame.Int((int)instruction.Index);
                CallHelper(typeof(BulkTable), nameof(BulkTable.Fill), instruction, sited: true);
                break;
            default:
                _frame.Int((int)instruction.Index);
                CallHelper(typeof(BulkTable), nameof(BulkTable.Size), instruction, sited: false);
                _stack.Push(ValType.I32);
                break;
        }
    }

    /// <summary>Calls a method that takes, after what is on the IL stack, the context and, when it can trap, where it stands.</summary>
    private void CallHelper(Type home, string name, in Instruction instruction, bool sited)
    {
        _frame.Context();
        if (sited)
        {
            _frame.Int(_function);
            _frame.Int(instruction.Offset);
        }

        Il.Emit(OpCodes.Call, Methods.Of(home, name));
    }
}
