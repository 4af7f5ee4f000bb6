namespace Wetware.Wasm.Binary;

internal sealed record DataSegment(SegmentMode Mode, uint Memory, ConstantExpression Start, ReadOnlyMemory<byte> Bytes, int Offset);
