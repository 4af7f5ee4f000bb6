namespace Wetware.Wasm.Binary;

internal sealed record ModuleGlobal(GlobalType Type, ConstantExpression Initial);
