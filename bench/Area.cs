namespace Wetware.Tooling;

/// <summary>One subcommand.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Help">One line of help.</param>
/// <param name="Run">Takes the arguments that follow the name; returns the exit code.</param>
/// <param name="Smoke">The arguments of a run of a few seconds that proves that the area still works; null where there is none.</param>
internal sealed record Area(string Name, string Help, Func<string[], int> Run, string[]? Smoke);
