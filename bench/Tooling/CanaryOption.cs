using System.CommandLine;

namespace Wetware.Tooling;

/// <summary>Asks for a run with a planted fault, which passes only if the fault is found.</summary>
internal sealed class CanaryOption : Option<bool>
{
    /// <summary>Makes the option <c>--canary</c>.</summary>
    public CanaryOption()
        : base("--canary") => Description = "Plants a fault, which must be found.";
}
