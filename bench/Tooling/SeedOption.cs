using System.CommandLine;

namespace Wetware.Tooling;

/// <summary>The seed from which a run draws everything.</summary>
internal sealed class SeedOption : Option<ulong?>
{
    /// <summary>Makes the option <c>--seed</c>.</summary>
    public SeedOption()
        : base("--seed") => Description = "The seed that an earlier run printed, to run the same again; a new one if absent.";

    /// <summary>The seed that was asked for, or a new one.</summary>
    public ulong Of(ParseResult parsed) => parsed.GetValue(this) ?? (ulong)Random.Shared.NextInt64();
}
