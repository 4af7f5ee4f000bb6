using System.CommandLine;

namespace Wetware.Tooling;

/// <summary>One subject of a tool: a subcommand with its options.</summary>
/// <param name="Command">The subcommand, with its options and its action.</param>
/// <param name="Smoke">The arguments of runs of a few seconds that prove that the area still works, each a line; may be none.</param>
internal sealed record Area(Command Command, params string[] Smoke);
