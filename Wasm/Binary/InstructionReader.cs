namespace Wetware.Wasm.Binary;

/// <summary>Decodes instructions one after another. It knows the format of their immediates and nothing of their meaning.</summary>
internal ref struct InstructionReader
{
    private readonly ModuleLimits _limits;
    private ByteReader _reader;

    public InstructionReader(ByteReader reader, ModuleLimits limits)
    {
        _reader = reader;
        _limits = limits;
    }

    public readonly bool AtEnd => _reader.AtEnd;

    public readonly int Offset => _reader.Offset;

    public readonly ByteReader Rest => _reader;

    public Instruction Next()
    {
        var instruction = new Instruction { Offset = _reader.Offset, Opcode = _reader.U8() };
        switch (instruction.Opcode)
        {
            case Op.BulkPrefix:
                Bulk(ref instruction);
                break;
            case Op.SimdPrefix:
                Simd(ref instruction);
                break;
            case >= Op.I32Load and <= Op.I64Store32:
                MemoryArgument(ref instruction);
                break;
            case >= Op.FirstNumeric and <= Op.LastNumeric:
                break;
            default:
                Plain(ref instruction);
                break;
        }

        return instruction;
    }

    private void Plain(ref Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.Unreachable or Op.Nop or Op.Else or Op.End or Op.Return or Op.Drop or Op.Select or Op.RefIsNull:
                break;
            case Op.Block or Op.Loop or Op.If:
                instruction.Bits = (ulong)BlockType();
                break;
            case Op.Br or Op.BrIf or Op.Call or Op.ReturnCall or Op.RefFunc or (>= Op.LocalGet and <= Op.TableSet):
                instruction.Index = _reader.U32();
                break;
            case Op.CallIndirect or Op.ReturnCallIndirect:
                instruction.Index = _reader.U32();
                instruction.Second = _reader.U32();
                break;
            case Op.BrTable:
                BranchTable(ref instruction);
                break;
            case Op.SelectTyped:
                TypedSelect(ref instruction);
                break;
            case Op.RefNull:
                instruction.Type = ModuleDecoder.ReferenceType(ref _reader);
                break;
            default:
                Constant(ref instruction);
                break;
        }
    }

    private void Constant(ref Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.MemorySize or Op.MemoryGrow:
                ZeroByte();
                break;
            case Op.I32Const:
                instruction.Bits = (uint)_reader.S32();
                break;
            case Op.I64Const:
                instruction.Bits = (ulong)_reader.S64();
                break;
            case Op.F32Const:
                instruction.Bits = _reader.FixedU32();
                break;
            case Op.F64Const:
                instruction.Bits = _reader.FixedU64();
                break;
            default:
                throw Illegal(instruction);
        }
    }

    private void Bulk(ref Instruction instruction)
    {
        instruction.Opcode = Prefixed(instruction, Op.BulkPrefix);
        switch (instruction.Opcode)
        {
            case >= Op.FirstTruncSat and <= Op.LastTruncSat:
                break;
            case Op.MemoryInit:
                instruction.Index = _reader.U32();
                ZeroByte();
                break;
            case Op.DataDrop or Op.ElemDrop or Op.TableGrow or Op.TableSize or Op.TableFill:
                instruction.Index = _reader.U32();
                break;
            case Op.MemoryCopy:
                ZeroByte();
                ZeroByte();
                break;
            case Op.MemoryFill:
                ZeroByte();
                break;
            case Op.TableInit or Op.TableCopy:
                instruction.Index = _reader.U32();
                instruction.Second = _reader.U32();
                break;
            default:
                throw Illegal(instruction);
        }
    }

    private void Simd(ref Instruction instruction)
    {
        instruction.Opcode = Prefixed(instruction, Op.SimdPrefix);
        switch (instruction.Opcode)
        {
            case (>= Op.V128Load and <= Op.V128Store) or Op.V128Load32Zero or Op.V128Load64Zero:
                MemoryArgument(ref instruction);
                break;
            case >= Op.V128Load8Lane and <= Op.V128Store64Lane:
                MemoryArgument(ref instruction);
                instruction.Second = _reader.U8();
                break;
            case Op.V128Const or Op.I8x16Shuffle:
                instruction.Bits = _reader.FixedU64();
                instruction.HighBits = _reader.FixedU64();
                break;
            case >= Op.FirstLane and <= Op.LastLane:
                instruction.Second = _reader.U8();
                break;
            default:
                if (!Validation.SimdSignatures.IsKnown(instruction.Opcode))
                {
                    throw Illegal(instruction);
                }

                break;
        }
    }

    private int Prefixed(in Instruction instruction, int prefix)
    {
        var code = _reader.U32();
        return code <= 0xff ? (prefix << 8) | (int)code : throw Illegal(instruction);
    }

    private void MemoryArgument(ref Instruction instruction)
    {
        instruction.Index = _reader.U32();
        if (instruction.Index >= 32)
        {
            throw _reader.Malformed("malformed memop flags");
        }

        instruction.Bits = _reader.U32();
    }

    private void ZeroByte()
    {
        if (_reader.U8() != 0)
        {
            throw _reader.Malformed("zero byte expected");
        }
    }

    private long BlockType()
    {
        var next = _reader.Peek();
        if (next == 0x40)
        {
            _reader.U8();
            return -0x40;
        }

        if (ModuleDecoder.IsValueType(next))
        {
            return -_reader.U8();
        }

        var index = _reader.S33();
        return index >= 0 ? index : throw _reader.Malformed("malformed block type");
    }

    private void BranchTable(ref Instruction instruction)
    {
        var count = _reader.Count(_limits.BranchTargetsMax, nameof(ModuleLimits.BranchTargetsMax));
        var labels = new uint[count + 1];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = _reader.U32();
        }

        instruction.Labels = labels;
    }

    private void TypedSelect(ref Instruction instruction)
    {
        instruction.Index = (uint)_reader.Count(_limits.ParametersMax, nameof(ModuleLimits.ParametersMax));
        for (var i = 0; i < instruction.Index; i++)
        {
            instruction.Type = ModuleDecoder.ValueType(ref _reader);
        }
    }

    private static ModuleException Illegal(in Instruction instruction) =>
        new(ModuleFault.Malformed, instruction.Offset, $"illegal opcode {instruction.Opcode:x2}");
}
