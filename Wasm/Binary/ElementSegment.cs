namespace Wetware.Wasm.Binary;

internal sealed record ElementSegment(SegmentMode Mode, ValType Type, uint Table, ConstantExpression Start, ConstantExpression[] Items, int Offset);
