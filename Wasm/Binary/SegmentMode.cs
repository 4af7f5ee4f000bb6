namespace Wetware.Wasm.Binary;

internal enum SegmentMode
{
    Active,
    Passive,
    Declarative,
}
