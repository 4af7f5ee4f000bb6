namespace Wetware.Wasm.Binary;

internal sealed record ModuleExport(string Name, ExternKind Kind, uint Index, int Offset);
