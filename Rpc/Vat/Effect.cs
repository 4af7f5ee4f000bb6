namespace Wetware.Rpc.Vat;

/// <summary>One thing to be done once no lock is held.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Subject">What it is done to.</param>
/// <param name="Argument">What else it needs.</param>
internal readonly record struct Effect(EffectKind Kind, object Subject, object? Argument = null);
