namespace Wetware.Wasm.Binary;

/// <summary>Splits a module into sections and reads each (WebAssembly 2.0, section 5.5). Function code is left as bytes.</summary>
internal static class ModuleDecoder
{
    private const uint Magic = 0x6d736100;
    private const uint Version = 1;

    // The order in which sections may appear; the data count section, number 12, stands between elements and code.
    private static readonly int[] Rank = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10];

    public static ModuleDefinition Decode(ReadOnlyMemory<byte> bytes, ModuleLimits limits)
    {
        var reader = new ByteReader(bytes.Span, 0);
        if (bytes.Length > limits.ModuleBytesMax)
        {
            throw reader.Limit(nameof(ModuleLimits.ModuleBytesMax), limits.ModuleBytesMax);
        }

        Preamble(ref reader);
        var module = new ModuleDefinition();
        var last = 0;
        uint declared = 0;
        while (!reader.AtEnd)
        {
            var at = reader.Offset;
            var id = reader.U8();
            if (id >= Rank.Length)
            {
                throw new ModuleException(ModuleFault.Malformed, at, "malformed section id");
            }

            var size = reader.U32();
            var section = reader.Sub(size);
            if (id != 0 && Rank[id] <= last)
            {
                throw new ModuleException(ModuleFault.Malformed, at, "unexpected content after last section: out of order or repeated");
            }

            last = id == 0 ? last : Rank[id];
            Section(module, id, ref section, bytes, limits, ref declared);
            if (id != 0 && !section.AtEnd)
            {
                throw section.Malformed("section size mismatch");
            }
        }

        Agree(module, declared, reader);
        return module;
    }

    public static bool IsValueType(byte code) => code is >= (byte)ValType.V128 and <= (byte)ValType.I32 or (byte)ValType.FuncRef or (byte)ValType.ExternRef;

    public static ValType ValueType(ref ByteReader reader)
    {
        var code = reader.Peek();
        return IsValueType(code) ? (ValType)reader.U8() : throw reader.Malformed("malformed value type");
    }

    public static ValType ReferenceType(ref ByteReader reader)
    {
        var type = (ValType)reader.Peek();
        return type is ValType.FuncRef or ValType.ExternRef ? (ValType)reader.U8() : throw reader.Malformed("malformed reference type");
    }

    public static SizeRange Range(ref ByteReader reader)
    {
        var flags = reader.U8();
        if (flags > 1)
        {
            throw reader.Malformed(flags >= 0x80 ? "integer representation too long" : "integer too large: limits flags");
        }

        var minimum = reader.U32();
        return new SizeRange(minimum, flags == 1 ? reader.U32() : null);
    }

    public static TableType Table(ref ByteReader reader)
    {
        var type = ReferenceType(ref reader);
        return new TableType(type, Range(ref reader));
    }

    public static GlobalType Global(ref ByteReader reader)
    {
        var type = ValueType(ref reader);
        var mutability = reader.U8();
        return mutability <= 1 ? new GlobalType(type, mutability == 1) : throw reader.Malformed("malformed mutability");
    }

    private static void Preamble(ref ByteReader reader)
    {
        if (reader.FixedU32() != Magic)
        {
            throw new ModuleException(ModuleFault.Malformed, 0, "magic header not detected");
        }

        if (reader.FixedU32() != Version)
        {
            throw new ModuleException(ModuleFault.Malformed, sizeof(uint), "unknown binary version");
        }
    }

    private static void Section(
        ModuleDefinition module, int id, ref ByteReader section, ReadOnlyMemory<byte> bytes, ModuleLimits limits, ref uint declared)
    {
        switch (id)
        {
            case 0:
                CustomSection.Read(module, section.Name(), section);
                break;
            case 1:
                DeclarationSections.Types(module, ref section, limits);
                break;
            case 2:
                DeclarationSections.Imports(module, ref section, limits);
                break;
            case 3:
                declared = DeclarationSections.Functions(module, ref section, limits);
                break;
            case 4:
                DeclarationSections.Tables(module, ref section, limits);
                break;
            case 5:
                DeclarationSections.Memories(module, ref section);
                break;
            case 6:
                DeclarationSections.Globals(module, ref section, limits);
                break;
            case 7:
                DeclarationSections.Exports(module, ref section, limits);
                break;
            case 8:
                module.Start = section.U32();
                break;
            case 9:
                SegmentSections.Elements(module, ref section, limits);
                break;
            case 10:
                SegmentSections.Code(module, ref section, bytes, limits, declared);
                break;
            case 11:
                SegmentSections.Data(module, ref section, bytes, limits);
                break;
            default:
                module.DataCount = section.U32();
                break;
        }
    }

    private static void Agree(ModuleDefinition module, uint declared, ByteReader end)
    {
        if (declared != module.Bodies.Count)
        {
            throw end.Malformed("function and code section have inconsistent lengths");
        }

        if (module.DataCount is { } count && count != module.Data.Count)
        {
            throw end.Malformed("data count and data section have inconsistent lengths");
        }
    }
}
