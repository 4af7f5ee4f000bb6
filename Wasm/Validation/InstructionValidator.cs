using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Validation;

/// <summary>Validates the instructions without control flow: parametric, table, memory, reference, numeric and vector ones.</summary>
internal sealed class InstructionValidator(ModuleDefinition module, TypeStack stack)
{
    // The exponent of the natural alignment of each plain load and store, from i32.load on.
    private static ReadOnlySpan<byte> Alignments => [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2];

    private static ReadOnlySpan<ValType> Loaded =>
    [
        ValType.I32, ValType.I64, ValType.F32, ValType.F64, ValType.I32, ValType.I32, ValType.I32, ValType.I32, ValType.I64, ValType.I64,
        ValType.I64, ValType.I64, ValType.I64, ValType.I64, ValType.I32, ValType.I64, ValType.F32, ValType.F64, ValType.I32, ValType.I32,
        ValType.I64, ValType.I64, ValType.I64,
    ];

    // The same for v128.load to v128.store.
    private static ReadOnlySpan<byte> VectorAlignments => [4, 3, 3, 3, 3, 3, 3, 0, 1, 2, 3, 4];

    /// <summary>What a plain load leaves, or a plain store takes.</summary>
    public static ValType AccessType(int opcode) => Loaded[opcode - Op.I32Load];

    /// <summary>What i32.const to f64.const leave.</summary>
    public static ValType ConstantType(int opcode) => (ValType)((int)ValType.I32 - (opcode - Op.I32Const));

    public void Step(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case (>= Op.FirstNumeric and <= Op.LastNumeric) or (>= Op.FirstTruncSat and <= Op.LastTruncSat):
                var signature = NumericSignatures.Of(instruction.Opcode);
                stack.Pop(signature[..^1]);
                stack.Push(signature[^1]);
                break;
            case >= Op.I32Const and <= Op.F64Const:
                stack.Push(ConstantType(instruction.Opcode));
                break;
            case >= Op.I32Load and <= Op.MemoryGrow:
                MemoryAccess(instruction);
                break;
            case >= Op.V128Load:
                Vector(instruction);
                break;
            case >= Op.MemoryInit:
                Bulk(instruction);
                break;
            default:
                Parametric(instruction);
                break;
        }
    }

    public ValType Table(uint index, ValType? wanted = null)
    {
        if (index >= (uint)module.Tables.Count)
        {
            throw stack.Invalid("unknown table");
        }

        var type = module.Tables[(int)index].Element;
        return wanted is null || type == wanted ? type : throw stack.Invalid("type mismatch: a table of functions is wanted");
    }

    private void Parametric(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.Drop:
                stack.Pop();
                break;
            case Op.Select:
                Select();
                break;
            case Op.SelectTyped:
                TypedSelect(instruction);
                break;
            case Op.TableGet:
                stack.Pop(ValType.I32);
                stack.Push(Table(instruction.Index));
                break;
            case Op.TableSet:
                stack.Pop(Table(instruction.Index));
                stack.Pop(ValType.I32);
                break;
            case Op.RefNull:
                stack.Push(instruction.Type);
                break;
            case Op.RefIsNull:
                if (stack.Pop() is not (ValType.FuncRef or ValType.ExternRef or TypeStack.Unknown))
                {
                    throw stack.Invalid("type mismatch: a reference is wanted");
                }

                stack.Push(ValType.I32);
                break;
            default:
                Core.Invariant.Check(instruction.Opcode == Op.RefFunc);
                if (instruction.Index >= (uint)module.Functions.Count)
                {
                    throw stack.Invalid("unknown function");
                }

                if (!module.DeclaredReferences.Contains(instruction.Index))
                {
                    throw stack.Invalid("undeclared function reference");
                }

                stack.Push(ValType.FuncRef);
                break;
        }
    }

    private void Select()
    {
        stack.Pop(ValType.I32);
        var first = stack.Pop();
        var second = stack.Pop();
        if (first is ValType.FuncRef or ValType.ExternRef || second is ValType.FuncRef or ValType.ExternRef)
        {
            throw stack.Invalid("type mismatch: select of references must name its type");
        }

        if (first != second && first != TypeStack.Unknown && second != TypeStack.Unknown)
        {
            throw stack.Invalid("type mismatch: select of two types");
        }

        stack.Push(first == TypeStack.Unknown ? second : first);
    }

    private void TypedSelect(in Instruction instruction)
    {
        if (instruction.Index != 1)
        {
            throw stack.Invalid("invalid result arity");
        }

        stack.Pop(ValType.I32);
        stack.Pop(instruction.Type);
        stack.Pop(instruction.Type);
        stack.Push(instruction.Type);
    }

    private void Memory()
    {
        if (module.Memories.Count == 0)
        {
            throw stack.Invalid("unknown memory");
        }
    }

    private void Aligned(in Instruction instruction, int natural)
    {
        Memory();
        if (instruction.Index > natural)
        {
            throw stack.Invalid("alignment must not be larger than natural");
        }
    }

    private void MemoryAccess(in Instruction instruction)
    {
        if (instruction.Opcode >= Op.MemorySize)
        {
            Memory();
            if (instruction.Opcode == Op.MemoryGrow)
            {
                stack.Pop(ValType.I32);
            }

            stack.Push(ValType.I32);
            return;
        }

        Aligned(instruction, Alignments[instruction.Opcode - Op.I32Load]);
        var type = AccessType(instruction.Opcode);
        if (instruction.Opcode >= Op.I32Store)
        {
            stack.Pop(type);
            stack.Pop(ValType.I32);
        }
        else
        {
            stack.Pop(ValType.I32);
            stack.Push(type);
        }
    }

    private void Bulk(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Op.MemoryInit:
                Memory();
                DataSegment(instruction.Index);
                PopThree();
                break;
            case Op.DataDrop:
                DataSegment(instruction.Index);
                break;
            case Op.MemoryCopy or Op.MemoryFill:
                Memory();
                PopThree();
                break;
            case Op.TableInit:
                var table = Table(instruction.Second);
                if (table != ElementSegment(instruction.Index))
                {
                    throw stack.Invalid("type mismatch: table and segment hold different references");
                }

                PopThree();
                break;
            case Op.ElemDrop:
                ElementSegment(instruction.Index);
                break;
            case Op.TableCopy:
                if (Table(instruction.Index) != Table(instruction.Second))
                {
                    throw stack.Invalid("type mismatch: tables hold different references");
                }

                PopThree();
                break;
            default:
                TableSize(instruction);
                break;
        }
    }

    private void TableSize(in Instruction instruction)
    {
        var type = Table(instruction.Index);
        switch (instruction.Opcode)
        {
            case Op.TableGrow:
                stack.Pop(ValType.I32);
                stack.Pop(type);
                stack.Push(ValType.I32);
                break;
            case Op.TableFill:
                stack.Pop(ValType.I32);
                stack.Pop(type);
                stack.Pop(ValType.I32);
                break;
            default:
                stack.Push(ValType.I32);
                break;
        }
    }

    private void PopThree()
    {
        stack.Pop(ValType.I32);
        stack.Pop(ValType.I32);
        stack.Pop(ValType.I32);
    }

    private void DataSegment(uint index)
    {
        if (module.DataCount is not { } count)
        {
            throw new ModuleException(ModuleFault.Malformed, stack.Offset, "data count section required");
        }

        if (index >= count)
        {
            throw stack.Invalid("unknown data segment");
        }
    }

    private ValType ElementSegment(uint index) =>
        index < (uint)module.Elements.Count ? module.Elements[(int)index].Type : throw stack.Invalid("unknown elem segment");

    private void Vector(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case >= Op.V128Load and < Op.V128Store:
                Aligned(instruction, VectorAlignments[instruction.Opcode - Op.V128Load]);
                VectorLoad();
                break;
            case Op.V128Load32Zero or Op.V128Load64Zero:
                Aligned(instruction, instruction.Opcode == Op.V128Load32Zero ? 2 : 3);
                VectorLoad();
                break;
            case Op.V128Store:
                Aligned(instruction, VectorAlignments[instruction.Opcode - Op.V128Load]);
                stack.Pop(ValType.V128);
                stack.Pop(ValType.I32);
                break;
            case >= Op.V128Load8Lane and <= Op.V128Store64Lane:
                LaneAccess(instruction);
                break;
            case Op.V128Const:
                stack.Push(ValType.V128);
                break;
            case Op.I8x16Shuffle:
                Shuffle(instruction);
                break;
            default:
                var simd = SimdSignatures.Of(instruction.Opcode);
                Lane(instruction, simd.Lanes);
                stack.Pop(simd.Parameters);
                stack.Push(simd.Result);
                break;
        }
    }

    private void VectorLoad()
    {
        stack.Pop(ValType.I32);
        stack.Push(ValType.V128);
    }

    private void LaneAccess(in Instruction instruction)
    {
        var exponent = (instruction.Opcode - Op.V128Load8Lane) & 3;
        Aligned(instruction, exponent);
        Lane(instruction, 16 >> exponent);
        stack.Pop(ValType.V128);
        stack.Pop(ValType.I32);
        if (instruction.Opcode < Op.V128Store8Lane)
        {
            stack.Push(ValType.V128);
        }
    }

    private void Lane(in Instruction instruction, int lanes)
    {
        if (lanes > 0 && instruction.Second >= lanes)
        {
            throw stack.Invalid("invalid lane index");
        }
    }

    private void Shuffle(in Instruction instruction)
    {
        // A lane above 31 has one of the three upper bits set.
        if (((instruction.Bits | instruction.HighBits) & 0xe0e0e0e0e0e0e0e0) != 0)
        {
            throw stack.Invalid("invalid lane index");
        }

        stack.Pop(ValType.V128);
        stack.Pop(ValType.V128);
        stack.Push(ValType.V128);
    }
}
