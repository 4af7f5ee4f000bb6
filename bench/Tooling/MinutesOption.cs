using System.CommandLine;

namespace Wetware.Tooling;

/// <summary>For how long something is run.</summary>
internal sealed class MinutesOption : Option<double>
{
    /// <summary>Makes the option <c>--minutes</c>.</summary>
    /// <param name="otherwise">For how long if the user says nothing.</param>
    public MinutesOption(double otherwise)
        : base("--minutes")
    {
        Description = "For how long it runs.";
        DefaultValueFactory = _ => otherwise;
        Validators.Add(result =>
        {
            if (result.Tokens is [var token] && double.TryParse(token.Value, out var minutes) && minutes is not (>= 0 and < int.MaxValue))
            {
                result.AddError($"--minutes {token.Value} is no time");
            }
        });
    }
}
