namespace Wetware.Wasm.Binary;

/// <summary>One decoded instruction. Which of the fields mean something depends on <see cref="Opcode"/>.</summary>
internal struct Instruction
{
    /// <summary>One of <see cref="Op"/>, or a numeric or vector opcode.</summary>
    public int Opcode;

    /// <summary>Where in the module it begins.</summary>
    public int Offset;

    /// <summary>The first index; of a memory access, the alignment's exponent; of a select, how many types it names.</summary>
    public uint Index;

    /// <summary>The second index; of a lane access, the lane.</summary>
    public uint Second;

    /// <summary>The bits of a constant; of a memory access, the offset; of a block, its type: a type index, or the negative of a value type's code.</summary>
    public ulong Bits;

    /// <summary>The high half of a 128-bit constant or shuffle mask.</summary>
    public ulong HighBits;

    /// <summary>The labels of a br_table, the default last; null for any other.</summary>
    public uint[]? Labels;

    /// <summary>The type in a ref.null or typed select.</summary>
    public ValType Type;

    public readonly long BlockType => (long)Bits;
}
