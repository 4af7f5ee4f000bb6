namespace Wetware.Wasm.Binary;

/// <summary>
/// The opcodes that some code treats by name. Prefixed ones carry their prefix in the high byte. The plain numeric ones, 0x45 to
/// 0xc4, are described by tables: <see cref="Validation.NumericSignatures"/> and <see cref="Compile.NumericEmitter"/>.
/// </summary>
internal static class Op
{
    public const int Unreachable = 0x00;
    public const int Nop = 0x01;
    public const int Block = 0x02;
    public const int Loop = 0x03;
    public const int If = 0x04;
    public const int Else = 0x05;
    public const int End = 0x0b;
    public const int Br = 0x0c;
    public const int BrIf = 0x0d;
    public const int BrTable = 0x0e;
    public const int Return = 0x0f;
    public const int Call = 0x10;
    public const int CallIndirect = 0x11;
    public const int ReturnCall = 0x12;
    public const int ReturnCallIndirect = 0x13;
    public const int Drop = 0x1a;
    public const int Select = 0x1b;
    public const int SelectTyped = 0x1c;
    public const int LocalGet = 0x20;
    public const int LocalSet = 0x21;
    public const int LocalTee = 0x22;
    public const int GlobalGet = 0x23;
    public const int GlobalSet = 0x24;
    public const int TableGet = 0x25;
    public const int TableSet = 0x26;
    public const int I32Load = 0x28;
    public const int I64Load = 0x29;
    public const int F32Load = 0x2a;
    public const int F64Load = 0x2b;
    public const int I32Load8S = 0x2c;
    public const int I64Load32U = 0x35;
    public const int I32Store = 0x36;
    public const int I64Store32 = 0x3e;
    public const int MemorySize = 0x3f;
    public const int MemoryGrow = 0x40;
    public const int I32Const = 0x41;
    public const int I64Const = 0x42;
    public const int F32Const = 0x43;
    public const int F64Const = 0x44;
    public const int FirstNumeric = 0x45;
    public const int I32Eqz = 0x45;
    public const int I64Eqz = 0x50;
    public const int I32Add = 0x6a;
    public const int I32Sub = 0x6b;
    public const int I32And = 0x71;
    public const int I32Xor = 0x73;
    public const int I32ShrU = 0x76;
    public const int I32Rotl = 0x77;
    public const int I32Rotr = 0x78;
    public const int I64Add = 0x7c;
    public const int I64Sub = 0x7d;
    public const int I64And = 0x83;
    public const int I64Xor = 0x85;
    public const int I64ShrU = 0x88;
    public const int I64Rotl = 0x89;
    public const int I64Rotr = 0x8a;
    public const int LastNumeric = 0xc4;
    public const int RefNull = 0xd0;
    public const int RefIsNull = 0xd1;
    public const int RefFunc = 0xd2;
    public const int BulkPrefix = 0xfc;
    public const int SimdPrefix = 0xfd;

    public const int FirstTruncSat = 0xfc00;
    public const int LastTruncSat = 0xfc07;
    public const int MemoryInit = 0xfc08;
    public const int DataDrop = 0xfc09;
    public const int MemoryCopy = 0xfc0a;
    public const int MemoryFill = 0xfc0b;
    public const int TableInit = 0xfc0c;
    public const int ElemDrop = 0xfc0d;
    public const int TableCopy = 0xfc0e;
    public const int TableGrow = 0xfc0f;
    public const int TableSize = 0xfc10;
    public const int TableFill = 0xfc11;

    public const int V128Load = 0xfd00;
    public const int V128Load64Splat = 0xfd0a;
    public const int V128Store = 0xfd0b;
    public const int V128Const = 0xfd0c;
    public const int I8x16Shuffle = 0xfd0d;
    public const int FirstLane = 0xfd15;
    public const int LastLane = 0xfd22;
    public const int V128Load8Lane = 0xfd54;
    public const int V128Load64Lane = 0xfd57;
    public const int V128Store8Lane = 0xfd58;
    public const int V128Store64Lane = 0xfd5b;
    public const int V128Load32Zero = 0xfd5c;
    public const int V128Load64Zero = 0xfd5d;
}
