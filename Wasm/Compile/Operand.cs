namespace Wetware.Wasm.Compile;

/// <summary>An operand of the WebAssembly stack at compile time.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Kind">Where it is.</param>
/// <param name="Index">The function's local, or the operand's depth for a slot.</param>
/// <param name="Bits">The constant.</param>
/// <param name="HighBits">The high half of a v128 constant.</param>
/// <param name="Pending">What has still to be emitted over it, once it leaves the IL stack or is used by anything that cannot take it as it is.</param>
internal readonly record struct Operand(ValType Type, OperandKind Kind, int Index = 0, ulong Bits = 0, ulong HighBits = 0, Pending Pending = Pending.Nothing);
