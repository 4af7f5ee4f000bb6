namespace Wetware.Fuzz.Disk;

/// <summary>The simulated machine has lost its power: whoever gets this is dead and must not touch the disk again.</summary>
internal sealed class SimulatedCrashException() : Exception("the simulated machine crashed");
