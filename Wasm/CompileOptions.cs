namespace Wetware.Wasm;

/// <summary>How a module is compiled.</summary>
public sealed record CompileOptions
{
    /// <summary>The options used where none are given.</summary>
    public static CompileOptions Default { get; } = new();

    /// <summary>What the module may ask of the compiler.</summary>
    public ModuleLimits Limits { get; init; } = ModuleLimits.Default;

    /// <summary>Whether the code counts the instructions it executes against <see cref="StoreOptions.Fuel"/>, the same on every machine.</summary>
    public bool Fuel { get; init; }
}
