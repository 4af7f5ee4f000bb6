namespace Wetware.Wasm.Binary;

/// <summary>The one instruction of a constant expression, and where it stands; an Opcode of -1 marks one that is empty or has several.</summary>
internal readonly record struct ConstantExpression(int Opcode, ulong Bits, ulong HighBits, uint Index, ValType Type, int Offset);
