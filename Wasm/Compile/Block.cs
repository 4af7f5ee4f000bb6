using System.Reflection.Emit;

namespace Wetware.Wasm.Compile;

/// <summary>An open block at compile time.</summary>
internal sealed class Block(int opcode, FunctionType type, int height, Label target)
{
    /// <summary>block, loop, if or else.</summary>
    public int Opcode { get; set; } = opcode;

    public FunctionType Type { get; } = type;

    /// <summary>Operands below it, its parameters not counted. Its label's operands go to the slots from here on.</summary>
    public int Height { get; } = height;

    /// <summary>Where a branch to it goes.</summary>
    public Label Target { get; } = target;

    /// <summary>Where an if goes whose condition is zero.</summary>
    public Label Else { get; init; }

    /// <summary>Whether some branch goes to <see cref="Target"/>.</summary>
    public bool IsReached { get; set; }

    /// <summary>What a branch to it takes along.</summary>
    public ReadOnlySpan<ValType> LabelTypes => Opcode == Binary.Op.Loop ? Type.Parameters : Type.Results;
}
