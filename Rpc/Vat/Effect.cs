namespace Wetware.Rpc.Vat;

/// <summary>One thing to be done once no lock is held.</summary>
/// <param name="Kind">What.</param>
/// <param name="Subject">To whom.</param>
/// <param name="Argument">With what.</param>
internal readonly record struct Effect(EffectKind Kind, object Subject, object? Argument = null);
