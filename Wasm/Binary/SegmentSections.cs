namespace Wetware.Wasm.Binary;

/// <summary>The sections that carry content: elements, code and data.</summary>
internal static class SegmentSections
{
    public static void Elements(ModuleDefinition module, ref ByteReader section, ModuleLimits limits)
    {
        var count = section.Count(limits.SegmentsMax, nameof(ModuleLimits.SegmentsMax));
        var elements = 0;
        for (var i = 0; i < count; i++)
        {
            var segment = Element(ref section, limits);
            elements += segment.Items.Length;
            if (elements > limits.SegmentElementsMax)
            {
                throw section.Limit(nameof(ModuleLimits.SegmentElementsMax), limits.SegmentElementsMax);
            }

            module.Elements.Add(segment);
        }
    }

    public static void Code(ModuleDefinition module, ref ByteReader section, ReadOnlyMemory<byte> bytes, ModuleLimits limits, uint declared)
    {
        var count = section.Count(limits.FunctionsMax, nameof(ModuleLimits.FunctionsMax));
        if (count != declared)
        {
            throw section.Malformed("function and code section have inconsistent lengths");
        }

        for (var i = 0; i < count; i++)
        {
            var size = section.U32();
            if (size > (uint)limits.BodyBytesMax)
            {
                throw section.Limit(nameof(ModuleLimits.BodyBytesMax), limits.BodyBytesMax);
            }

            var body = section.Sub(size);
            var parameters = module.Functions[module.ImportedFunctions + i] is var type && type < (uint)module.Types.Count
                ? module.Types[(int)type].Parameters.Length
                : 0;
            var locals = Locals(ref body, limits, parameters);
            module.Bodies.Add(new FunctionBody(locals, bytes.Slice(body.Offset, body.Remaining), body.Offset));
        }
    }

    public static void Data(ModuleDefinition module, ref ByteReader section, ReadOnlyMemory<byte> bytes, ModuleLimits limits)
    {
        var count = section.Count(limits.SegmentsMax, nameof(ModuleLimits.SegmentsMax));
        for (var i = 0; i < count; i++)
        {
            var at = section.Offset;
            var flags = section.U32();
            if (flags > 2)
            {
                throw section.Malformed("malformed data segment kind");
            }

            var memory = flags == 2 ? section.U32() : 0;
            var start = flags == 1 ? default : Constant(ref section, limits);
            var size = section.U32();
            var content = section.Offset;
            section.Take(size);
            module.Data.Add(new DataSegment(
                flags == 1 ? SegmentMode.Passive : SegmentMode.Active, memory, start, bytes.Slice(content, (int)size), at));
        }
    }

    public static ConstantExpression Constant(ref ByteReader section, ModuleLimits limits)
    {
        var at = section.Offset;
        var reader = new InstructionReader(section, limits);
        var found = default(ConstantExpression);
        for (var count = 0; ; count++)
        {
            var instruction = reader.Next();
            if (instruction.Opcode == Op.End)
            {
                section = reader.Rest;
                return count == 1 ? found : new ConstantExpression(-1, 0, 0, 0, default, at);
            }

            if (instruction.Opcode is not ((>= Op.I32Const and <= Op.F64Const) or Op.V128Const or Op.RefNull or Op.RefFunc or Op.GlobalGet))
            {
                throw new ModuleException(ModuleFault.Invalid, instruction.Offset, "constant expression required");
            }

            found = new ConstantExpression(
                instruction.Opcode, instruction.Bits, instruction.HighBits, instruction.Index, instruction.Type, instruction.Offset);
        }
    }

    private static ElementSegment Element(ref ByteReader section, ModuleLimits limits)
    {
        var at = section.Offset;
        var flags = section.U32();
        if (flags > 7)
        {
            throw section.Malformed("malformed elements segment kind");
        }

        // Bit 0: not active. Bit 1: an explicit table, or declarative. Bit 2: expressions rather than function indices.
        var mode = (flags & 1) == 0 ? SegmentMode.Active : (flags & 2) == 0 ? SegmentMode.Passive : SegmentMode.Declarative;
        var table = flags is 2 or 6 ? section.U32() : 0;
        var start = mode == SegmentMode.Active ? Constant(ref section, limits) : default;
        var type = ValType.FuncRef;
        if ((flags & 3) != 0)
        {
            type = (flags & 4) != 0 ? ModuleDecoder.ReferenceType(ref section) : ElementKind(ref section);
        }

        var items = new ConstantExpression[section.Count(limits.SegmentElementsMax, nameof(ModuleLimits.SegmentElementsMax))];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = (flags & 4) != 0
                ? Constant(ref section, limits)
                : new ConstantExpression(Op.RefFunc, 0, 0, section.U32(), ValType.FuncRef, section.Offset);
        }

        return new ElementSegment(mode, type, table, start, items, at);
    }

    private static ValType ElementKind(ref ByteReader section) =>
        section.U8() == 0 ? ValType.FuncRef : throw section.Malformed("malformed element kind");

    private static ValType[] Locals(ref ByteReader body, ModuleLimits limits, int parameters)
    {
        var locals = new List<ValType>();
        var groups = body.Count(int.MaxValue, "groups of locals");
        ulong total = 0;
        for (var i = 0; i < groups; i++)
        {
            var count = body.U32();
            var type = ModuleDecoder.ValueType(ref body);
            total += count;
            if (total > uint.MaxValue)
            {
                throw body.Malformed("too many locals");
            }

            if (total + (ulong)parameters > (ulong)limits.LocalsMax)
            {
                throw body.Limit(nameof(ModuleLimits.LocalsMax), limits.LocalsMax);
            }

            for (var n = 0; n < count; n++)
            {
                locals.Add(type);
            }
        }

        return [.. locals];
    }
}
