using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Validation;

/// <summary>
/// The operand and control stacks of the validation algorithm (WebAssembly 2.0, appendix "Validation Algorithm"). An operand of type
/// <see cref="Unknown"/> stands for any type, in code that cannot be reached.
/// </summary>
internal sealed class TypeStack(ModuleLimits limits)
{
    public const ValType Unknown = 0;

    private readonly List<ValType> _operands = [];
    private readonly List<ControlFrame> _frames = [];

    /// <summary>Where in the module the current instruction is, for messages.</summary>
    public int Offset { get; set; }

    public bool IsEmpty => _frames.Count == 0;

    /// <summary>The most operands at a time since <see cref="Reset"/>.</summary>
    public int Peak { get; private set; }

    public void Reset()
    {
        Peak = 0;
        _operands.Clear();
        _frames.Clear();
    }

    public ModuleException Invalid(string reason) => new(ModuleFault.Invalid, Offset, reason);

    public void Push(ValType type)
    {
        _operands.Add(type);
        Measure();
    }

    public void Push(ReadOnlySpan<ValType> types)
    {
        _operands.AddRange(types);
        Measure();
    }

    public ValType Pop()
    {
        var frame = _frames[^1];
        if (_operands.Count == frame.Height)
        {
            return frame.Unreachable ? Unknown : throw Invalid("type mismatch: the operand stack of this block is empty");
        }

        var type = _operands[^1];
        _operands.RemoveAt(_operands.Count - 1);
        return type;
    }

    public void Pop(ValType expected)
    {
        var actual = Pop();
        if (actual != expected && actual != Unknown)
        {
            throw Invalid($"type mismatch: {expected} wanted, {actual} found");
        }
    }

    public void Pop(ReadOnlySpan<ValType> expected)
    {
        for (var i = expected.Length - 1; i >= 0; i--)
        {
            Pop(expected[i]);
        }
    }

    /// <summary>Checks the operands that a branch takes with it, and leaves them, with the label's types, where they are.</summary>
    public void PopAndPush(ReadOnlySpan<ValType> types)
    {
        Pop(types);
        Push(types);
    }

    /// <summary>As <see cref="PopAndPush"/>, but leaves the types that were there: br_table compares several labels against the same operands.</summary>
    public void Probe(ReadOnlySpan<ValType> types)
    {
        Span<ValType> popped = types.Length <= 64 ? stackalloc ValType[types.Length] : new ValType[types.Length];
        for (var i = types.Length - 1; i >= 0; i--)
        {
            popped[i] = Pop();
            if (popped[i] != types[i] && popped[i] != Unknown)
            {
                throw Invalid($"type mismatch: {types[i]} wanted, {popped[i]} found");
            }
        }

        Push(popped);
    }

    public void Enter(int opcode, FunctionType type)
    {
        if (_frames.Count >= limits.NestingMax)
        {
            throw new ModuleException(ModuleFault.LimitExceeded, Offset, $"more than {nameof(ModuleLimits.NestingMax)} = {limits.NestingMax} allows");
        }

        _frames.Add(new ControlFrame(opcode, type, _operands.Count));
        Push(type.Parameters);
    }

    public ControlFrame Leave()
    {
        if (_frames.Count == 0)
        {
            throw Invalid("unexpected end");
        }

        var frame = _frames[^1];
        Pop(frame.Type.Results);
        if (_operands.Count != frame.Height)
        {
            throw Invalid("type mismatch: operands left at the end of the block");
        }

        _frames.RemoveAt(_frames.Count - 1);
        return frame;
    }

    public void BecomeUnreachable()
    {
        var frame = _frames[^1];
        _operands.RemoveRange(frame.Height, _operands.Count - frame.Height);
        frame.Unreachable = true;
        _frames[^1] = frame;
    }

    /// <summary>What a branch to the label <paramref name="depth"/> blocks out takes.</summary>
    public ReadOnlySpan<ValType> Label(uint depth)
    {
        if (depth >= (uint)_frames.Count)
        {
            throw Invalid("unknown label");
        }

        var frame = _frames[_frames.Count - 1 - (int)depth];
        return frame.Opcode == Op.Loop ? frame.Type.Parameters : frame.Type.Results;
    }

    private void Measure()
    {
        Peak = Math.Max(Peak, _operands.Count);
        if (Peak > limits.OperandsMax)
        {
            throw new ModuleException(ModuleFault.LimitExceeded, Offset, $"more than {nameof(ModuleLimits.OperandsMax)} = {limits.OperandsMax} allows");
        }
    }
}
