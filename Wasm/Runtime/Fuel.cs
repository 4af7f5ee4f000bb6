namespace Wetware.Wasm.Runtime;

/// <summary>The instructions that a store's guests may still execute.</summary>
internal sealed class Fuel
{
    /// <summary>What code compiled without fuel, and stores without a limit, share; nobody subtracts enough to empty it.</summary>
    public static readonly Fuel Unlimited = new() { Left = long.MaxValue };

    public long Left;
}
