namespace Wetware.Queue;

/// <summary>Bytes that the arena holds for somebody. The empty block takes no room.</summary>
/// <param name="Chunk">Which chunk.</param>
/// <param name="Start">Where in it.</param>
/// <param name="Length">How many bytes were stored.</param>
internal readonly record struct Block(int Chunk, int Start, int Length)
{
    public static Block Empty => default;
}
