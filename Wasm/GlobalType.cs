namespace Wetware.Wasm;

/// <summary>The type of a global variable.</summary>
/// <param name="Type">What it holds.</param>
/// <param name="Mutable">Whether it can be set.</param>
public readonly record struct GlobalType(ValType Type, bool Mutable);
