namespace Wetware.Wasm;

/// <summary>The type of a table.</summary>
/// <param name="Element">FuncRef or ExternRef.</param>
/// <param name="Size">Elements.</param>
public readonly record struct TableType(ValType Element, SizeRange Size);
