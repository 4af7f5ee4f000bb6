namespace Wetware.Wasm.Binary;

/// <summary>An import as the module declares it. Only the field that its kind names means something.</summary>
internal sealed record ModuleImport(string Module, string Name, ExternKind Kind, uint TypeIndex, TableType Table, SizeRange Memory, GlobalType Global, int Offset);
