namespace Wetware.Fuzz.Membership;

/// <summary>A row of the table of what was measured.</summary>
/// <param name="What">What was done.</param>
/// <param name="Value">What came of it, with its unit.</param>
/// <param name="Goal">What it may be at most, with its unit.</param>
internal sealed record Measurement(string What, string Value, string Goal);
