using System.Globalization;

namespace Wetware.Core;

/// <summary>A limit that a request met.</summary>
/// <param name="Name">As the limits are named in the code and the docs: "PayloadBytesMax".</param>
/// <param name="Value">Its value, in the unit that the name tells.</param>
public readonly record struct ExceededLimit(string Name, long Value)
{
    /// <summary>As messages have it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} = {Value}");
}
