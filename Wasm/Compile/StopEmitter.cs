using System.Reflection;
using System.Reflection.Emit;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm.Compile;

/// <summary>Emits the checks that end a guest which is stopped or has used up its stack, and the one place in a function where it ends.</summary>
internal sealed class StopEmitter(FunctionFrame frame, int function)
{
    private static readonly FieldInfo StackLimit = typeof(InstanceContext).GetField(nameof(InstanceContext.StackLimit))!;
    private static readonly FieldInfo Interrupt = typeof(InstanceContext).GetField(nameof(InstanceContext.Interrupt))!;

    private readonly Label _stopped = frame.Il.DefineLabel();
    private bool _isUsed;

    private ILGenerator Il => frame.Il;

    /// <summary>On entry. A stopped guest has no stack left, so this notices that too.</summary>
    public void CheckStack()
    {
        var probe = Il.DeclareLocal(typeof(byte));
        Il.Emit(OpCodes.Ldloca, probe);
        Il.Emit(OpCodes.Conv_U);
        frame.Context();
        Il.Emit(OpCodes.Volatile);
        Il.Emit(OpCodes.Ldfld, StackLimit);
        Il.Emit(OpCodes.Blt_Un, _stopped);
        _isUsed = true;
    }

    /// <summary>
    /// Goes back to the head of a loop unless the guest is stopped. The check is here and not at the head, so that an iteration has no
    /// jump besides it; the branch is taken when all is well, so that the JIT needs none around it.
    /// </summary>
    public void Repeat(Label head)
    {
        frame.Context();
        Il.Emit(OpCodes.Volatile);
        Il.Emit(OpCodes.Ldfld, Interrupt);
        Il.Emit(OpCodes.Brfalse, head);
        Il.Emit(OpCodes.Br, _stopped);
        _isUsed = true;
    }

    public void Finish(int offset)
    {
        if (_isUsed)
        {
            Il.MarkLabel(_stopped);
            Throw(Methods.Stopped, offset);
        }
    }

    public void Throw(MethodInfo method, int offset)
    {
        frame.Context();
        frame.Int(function);
        frame.Int(offset);
        Il.Emit(OpCodes.Call, method);
        Il.Emit(OpCodes.Throw);
    }
}
