namespace Wetware.Fuzz.Mutants;

/// <summary>A mutant that cannot be made; the message says why.</summary>
internal sealed class MutantException(string message) : Exception(message);
