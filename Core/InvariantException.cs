namespace Wetware.Core;

/// <summary>A broken invariant: a bug in this program, never the fault of its input. Nobody should catch it to carry on.</summary>
public sealed class InvariantException(string message) : Exception("invariant broken: " + message);
