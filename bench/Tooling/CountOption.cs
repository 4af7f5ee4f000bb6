using System.CommandLine;

namespace Wetware.Tooling;

/// <summary>How many of something.</summary>
internal sealed class CountOption : Option<int>
{
    /// <summary>Makes the option.</summary>
    /// <param name="name">What the user types.</param>
    /// <param name="otherwise">How many there are if the user says nothing.</param>
    /// <param name="description">How many of what.</param>
    /// <param name="min">The fewest that make sense.</param>
    public CountOption(string name, int otherwise, string description, int min = 0)
        : base(name)
    {
        Description = description;
        DefaultValueFactory = _ => otherwise;
        Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var count) && count < min)
            {
                result.AddError($"{name} {count} is less than {min}");
            }
        });
    }
}
