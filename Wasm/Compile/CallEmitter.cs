using System.Reflection;
using System.Reflection.Emit;
using Wetware.Wasm.Binary;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm.Compile;

/// <summary>Emits calls and returns. Arguments go through slots, because the callee's context comes before them on the IL stack.</summary>
internal sealed class CallEmitter(
    ModuleDefinition module, MethodBuilder[] methods, FunctionFrame frame, OperandStack stack, MemoryEmitter memory, int function, FunctionType own)
{
    private LocalBuilder? _callee;

    private ILGenerator Il => frame.Il;

    public void Call(in Instruction instruction)
    {
        var type = Prepare(instruction);
        Invoke(instruction, type);
        var results = type.Results;
        if (results.Length == 1)
        {
            stack.Push(results[0]);
        }
        else if (results.Length > 1)
        {
            Il.Emit(OpCodes.Stloc, frame.Slot(stack.Count, results[0]));
            stack.PushSlot(results[0]);
            for (var i = 1; i < results.Length; i++)
            {
                Results.Load(Il, results[i], i, frame.Context);
                Il.Emit(OpCodes.Stloc, frame.Slot(stack.Count, results[i]));
                stack.PushSlot(results[i]);
            }
        }

        memory.AfterCall();
    }

    public void TailCall(in Instruction instruction)
    {
        var arguments = TypeOf(instruction).Parameters.Length + (instruction.Opcode == Op.ReturnCallIndirect ? 1 : 0);
        stack.Slots.SlotTop(arguments);
        var type = Prepare(instruction);
        Invoke(instruction, type, tail: true);
        Il.Emit(OpCodes.Ret);
    }

    /// <summary>Returns the operands on top of the stack.</summary>
    public void Return()
    {
        var results = own.Results.Length;
        if (results == 0)
        {
            stack.PopRest();
        }
        else if (results == 1)
        {
            stack.Slots.SpillBelowTop();
            stack.Load(1, alone: true);
        }
        else
        {
            stack.Slots.SpillAll();
            ReturnCopy();
            return;
        }

        Il.Emit(OpCodes.Ret);
    }

    /// <summary>Returns copies of the operands on top of the stack, for a path on which others follow. Invariant: none of them is on the IL stack.</summary>
    public void ReturnCopy()
    {
        var results = own.Results;
        for (var i = 1; i < results.Length; i++)
        {
            var operand = stack[results.Length - 1 - i];
            Results.Store(Il, results[i], i, () => stack.Slots.Emit(operand));
        }

        if (results.Length > 0)
        {
            stack.Slots.Emit(stack[results.Length - 1]);
        }

        Il.Emit(OpCodes.Ret);
    }

    private FunctionType TypeOf(in Instruction instruction) => instruction.Opcode is Op.Call or Op.ReturnCall
        ? module.TypeOf(instruction.Index)
        : module.Types[(int)instruction.Index];

    /// <summary>Leaves the callee's context and the arguments on the IL stack.</summary>
    private FunctionType Prepare(in Instruction instruction)
    {
        var type = TypeOf(instruction);
        if (instruction.Opcode is Op.CallIndirect or Op.ReturnCallIndirect)
        {
            Resolve(instruction, type);
        }
        else if (IsImport(instruction))
        {
            frame.ContextField(nameof(InstanceContext.Imports));
            frame.Int((int)instruction.Index);
            Il.Emit(OpCodes.Ldelem_Ref);
            Il.Emit(OpCodes.Stloc, Callee());
        }

        var arguments = new OperandStack.Value[type.Parameters.Length];
        stack.Slots.SpillTop(arguments.Length);
        for (var i = arguments.Length - 1; i >= 0; i--)
        {
            arguments[i] = stack.Take();
        }

        if (_callee is null || (instruction.Opcode is Op.Call or Op.ReturnCall && !IsImport(instruction)))
        {
            frame.Context();
        }
        else
        {
            Il.Emit(OpCodes.Ldloc, _callee);
            Il.Emit(OpCodes.Ldfld, typeof(FuncRef).GetField(nameof(FuncRef.Context), BindingFlags.Instance | BindingFlags.NonPublic)!);
        }

        foreach (var argument in arguments)
        {
            stack.Emit(argument);
        }

        return type;
    }

    private void Resolve(in Instruction instruction, FunctionType type)
    {
        var index = stack.Take();
        if (instruction.Second == 0)
        {
            frame.ContextField(nameof(InstanceContext.Table0));
        }
        else
        {
            frame.ContextField(nameof(InstanceContext.Tables));
            frame.Int((int)instruction.Second);
            Il.Emit(OpCodes.Ldelem_Ref);
        }

        Il.Emit(OpCodes.Ldfld, typeof(Table).GetField(nameof(Table.Elements), BindingFlags.Instance | BindingFlags.NonPublic)!);
        stack.Emit(index);
        if (type.Key >= 0)
        {
            Il.Emit(OpCodes.Ldc_I8, type.Key);
        }
        else
        {
            frame.Int((int)instruction.Index);
        }

        frame.Context();
        frame.Int(function);
        frame.Int(instruction.Offset);
        Il.Emit(OpCodes.Call, type.Key >= 0 ? Methods.Callee : Methods.LongCallee);
        Il.Emit(OpCodes.Stloc, Callee());
    }

    private void Invoke(in Instruction instruction, FunctionType type, bool tail = false)
    {
        if (instruction.Opcode is Op.Call or Op.ReturnCall && !IsImport(instruction))
        {
            if (tail)
            {
                Il.Emit(OpCodes.Tailcall);
            }

            Il.Emit(OpCodes.Call, methods[instruction.Index]);
            return;
        }

        Il.Emit(OpCodes.Ldloc, _callee!);
        Il.Emit(OpCodes.Ldfld, typeof(FuncRef).GetField(nameof(FuncRef.Code), BindingFlags.Instance | BindingFlags.NonPublic)!);
        if (tail)
        {
            Il.Emit(OpCodes.Tailcall);
        }

        Il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, Results.IlType(type), Results.IlParameters(type), null);
    }

    private bool IsImport(in Instruction instruction) =>
        instruction.Opcode is Op.Call or Op.ReturnCall && instruction.Index < (uint)module.ImportedFunctions;

    private LocalBuilder Callee() => _callee ??= Il.DeclareLocal(typeof(FuncRef));
}
