namespace Wetware.Wasm.Binary;

/// <summary>What a module's bytes say, section by section. Indices are not yet known to be in range: that is validation's part.</summary>
internal sealed class ModuleDefinition
{
    public List<FunctionType> Types { get; } = [];

    public List<ModuleImport> Imports { get; } = [];

    /// <summary>The type index of every function: imported ones first.</summary>
    public List<uint> Functions { get; } = [];

    public List<TableType> Tables { get; } = [];

    public List<SizeRange> Memories { get; } = [];

    /// <summary>The type of every global: imported ones first.</summary>
    public List<GlobalType> Globals { get; } = [];

    public List<ModuleGlobal> OwnGlobals { get; } = [];

    public List<ModuleExport> Exports { get; } = [];

    public List<ElementSegment> Elements { get; } = [];

    public List<DataSegment> Data { get; } = [];

    public List<FunctionBody> Bodies { get; } = [];

    public Dictionary<uint, string> FunctionNames { get; } = [];

    public uint? Start { get; set; }

    public uint? DataCount { get; set; }

    public int ImportedFunctions { get; set; }

    public int ImportedGlobals { get; set; }

    public int ImportedTables { get; set; }

    public bool ImportsMemory { get; set; }

    /// <summary>Functions that a reference may be taken of: those in exports, globals and element segments. Filled in by validation.</summary>
    public HashSet<uint> DeclaredReferences { get; } = [];

    public FunctionType TypeOf(uint function) => Types[(int)Functions[(int)function]];

    public string NameOf(int function) => FunctionNames.TryGetValue((uint)function, out var name) ? name : $"function {function}";
}
