using System.Reflection;

namespace Wetware.Wasm.Validation;

/// <summary>A vector instruction: the method that is its meaning, its type, and how many lanes its lane immediate chooses among (0: it has none).</summary>
internal sealed record SimdInstruction(MethodInfo Method, ValType[] Parameters, ValType Result, int Lanes);
