namespace Wetware.Capnp.Json;

/// <summary>How a union says in JSON which of its members is set.</summary>
/// <param name="TagName">The property that holds the member's name.</param>
/// <param name="ValueName">The property that holds the member's value; null if it has the member's name.</param>
internal sealed record JsonDiscriminator(string TagName, string? ValueName);
