namespace Wetware.Fuzz.Raft;

/// <summary>A run in which something happened that must never happen.</summary>
internal sealed class SimulationFailure(string message) : Exception(message);
