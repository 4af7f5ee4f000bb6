namespace Wetware.Rpc.Vat;

/// <summary>Effect lists for reuse, a few per thread: running an effect may need another list before the first is done.</summary>
internal static class EffectLists
{
    [ThreadStatic]
    private static Stack<List<Effect>>? t_spare;

    /// <summary>An empty list.</summary>
    public static List<Effect> Rent() => t_spare is { } spare && spare.TryPop(out var list) ? list : new List<Effect>(8);

    /// <summary>Takes a list back.</summary>
    public static void Return(List<Effect> effects)
    {
        effects.Clear();
        (t_spare ??= new Stack<List<Effect>>()).Push(effects);
    }
}
