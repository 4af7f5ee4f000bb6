namespace Wetware.Wasm.Binary;

/// <summary>The sections that declare what a module has: types, imports, functions, tables, memories, globals, exports.</summary>
internal static class DeclarationSections
{
    private const byte FunctionTypeMark = 0x60;

    public static void Types(ModuleDefinition module, ref ByteReader section, ModuleLimits limits)
    {
        var count = section.Count(limits.TypesMax, nameof(ModuleLimits.TypesMax));
        for (var i = 0; i < count; i++)
        {
            if (section.U8() != FunctionTypeMark)
            {
                throw section.Malformed("malformed function type");
            }

            var parameters = ValueTypes(ref section, limits);
            module.Types.Add(new FunctionType(parameters, ValueTypes(ref section, limits)));
        }
    }

    public static void Imports(ModuleDefinition module, ref ByteReader section, ModuleLimits limits)
    {
        var count = section.Count(limits.ImportsMax, nameof(ModuleLimits.ImportsMax));
        for (var i = 0; i < count; i++)
        {
            Import(module, ref section);
        }

        module.ImportedFunctions = module.Functions.Count;
        module.ImportedGlobals = module.Globals.Count;
        module.ImportedTables = module.Tables.Count;
        module.ImportsMemory = module.Memories.Count > 0;
    }

    public static uint Functions(ModuleDefinition module, ref ByteReader section, ModuleLimits limits)
    {
        var count = section.Count(limits.FunctionsMax - Math.Min(module.Functions.Count, limits.FunctionsMax), nameof(ModuleLimits.FunctionsMax));
        for (var i = 0; i < count; i++)
        {
            module.Functions.Add(section.U32());
        }

        return (uint)count;
    }

    public static void Tables(ModuleDefinition module, ref ByteReader section, ModuleLimits limits)
    {
        var count = section.Count(limits.TablesMax, nameof(ModuleLimits.TablesMax));
        for (var i = 0; i < count; i++)
        {
            module.Tables.Add(ModuleDecoder.Table(ref section));
        }
    }

    public static void Memories(ModuleDefinition module, ref ByteReader section)
    {
        var count = section.Count(int.MaxValue, "memories");
        for (var i = 0; i < count; i++)
        {
            module.Memories.Add(ModuleDecoder.Range(ref section));
        }
    }

    public static void Globals(ModuleDefinition module, ref ByteReader section, ModuleLimits limits)
    {
        var count = section.Count(limits.GlobalsMax, nameof(ModuleLimits.GlobalsMax));
        for (var i = 0; i < count; i++)
        {
            var type = ModuleDecoder.Global(ref section);
            module.Globals.Add(type);
            module.OwnGlobals.Add(new ModuleGlobal(type, SegmentSections.Constant(ref section, limits)));
        }
    }

    public static void Exports(ModuleDefinition module, ref ByteReader section, ModuleLimits limits)
    {
        var count = section.Count(limits.ExportsMax, nameof(ModuleLimits.ExportsMax));
        for (var i = 0; i < count; i++)
        {
            var at = section.Offset;
            var name = section.Name();
            var kind = Kind(ref section, "malformed export kind");
            module.Exports.Add(new ModuleExport(name, kind, section.U32(), at));
        }
    }

    private static void Import(ModuleDefinition module, ref ByteReader section)
    {
        var at = section.Offset;
        var from = section.Name();
        var name = section.Name();
        uint type = 0;
        TableType table = default;
        SizeRange memory = default;
        GlobalType global = default;
        var kind = Kind(ref section, "malformed import kind");
        switch (kind)
        {
            case ExternKind.Function:
                type = section.U32();
                module.Functions.Add(type);
                break;
            case ExternKind.Table:
                table = ModuleDecoder.Table(ref section);
                module.Tables.Add(table);
                break;
            case ExternKind.Memory:
                memory = ModuleDecoder.Range(ref section);
                module.Memories.Add(memory);
                break;
            default:
                global = ModuleDecoder.Global(ref section);
                module.Globals.Add(global);
                break;
        }

        module.Imports.Add(new ModuleImport(from, name, kind, type, table, memory, global, at));
    }

    private static ExternKind Kind(ref ByteReader section, string fault) =>
        section.Peek() <= (byte)ExternKind.Global ? (ExternKind)section.U8() : throw section.Malformed(fault);

    private static ValType[] ValueTypes(ref ByteReader section, ModuleLimits limits)
    {
        var types = new ValType[section.Count(limits.ParametersMax, nameof(ModuleLimits.ParametersMax))];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = ModuleDecoder.ValueType(ref section);
        }

        return types;
    }
}
