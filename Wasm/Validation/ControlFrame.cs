namespace Wetware.Wasm.Validation;

/// <summary>An open block.</summary>
/// <param name="Opcode">block, loop, if or else.</param>
/// <param name="Type">What it takes and leaves.</param>
/// <param name="Height">Operands below it, its parameters not counted.</param>
internal record struct ControlFrame(int Opcode, FunctionType Type, int Height)
{
    /// <summary>Whether the rest of the block cannot be reached, so that its operand stack is polymorphic.</summary>
    public bool Unreachable { get; set; }
}
