namespace Wetware.Wasm;

/// <summary>The declared size of a memory (in pages of 64 KiB) or table (in elements). Invariant: Minimum is at most Maximum.</summary>
/// <param name="Minimum">The size at birth.</param>
/// <param name="Maximum">The size never exceeded; null where the module sets none.</param>
public readonly record struct SizeRange(uint Minimum, uint? Maximum)
{
    /// <summary>Whether something of this declared range and that current size may stand where <paramref name="wanted"/> is imported.</summary>
    internal bool Satisfies(uint size, SizeRange wanted) =>
        size >= wanted.Minimum && (wanted.Maximum is not { } limit || (Maximum is { } own && own <= limit));
}
