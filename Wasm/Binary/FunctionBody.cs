namespace Wetware.Wasm.Binary;

/// <summary>A function's locals beyond its parameters, and its code.</summary>
internal sealed record FunctionBody(ValType[] Locals, ReadOnlyMemory<byte> Code, int Offset)
{
    /// <summary>The most operands at a time; known once the body is validated.</summary>
    public int OperandsMax { get; set; }
}
