namespace Wetware.Crawler;

/// <summary>What an item processor made of a page.</summary>
/// <param name="Item">The item; empty if the page yields none.</param>
/// <param name="Error">Why there is none although there should be one; empty if all is well.</param>
public readonly record struct ItemExtract(string Item, string Error)
{
    /// <summary>The page yields no item.</summary>
    public static ItemExtract None => new(string.Empty, string.Empty);
}
