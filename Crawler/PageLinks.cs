namespace Wetware.Crawler;

/// <summary>What a page says to a crawler.</summary>
/// <param name="Links">Distinct canonical URLs, in the order they appear; empty if the page forbids following.</param>
/// <param name="Title">The text of its first title, white space folded; empty if it has none.</param>
/// <param name="NoIndex">Whether it asks not to be indexed.</param>
/// <param name="NoFollow">Whether it asks that none of its links be followed.</param>
public sealed record PageLinks(IReadOnlyList<CanonicalUrl> Links, string Title, bool NoIndex, bool NoFollow)
{
    /// <summary>A page that says nothing.</summary>
    public static PageLinks None { get; } = new([], "", false, false);
}
