using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>
/// Names on the way from one anchor to another below it. Text is printable ASCII without blanks and backslashes, is cleaned as paths are, and cannot lead
/// above where it starts.
/// </summary>
internal readonly struct AnchorPath
{
    private readonly string[]? _names;

    private AnchorPath(string[] names) => _names = names;

    public ReadOnlySpan<string> Names => _names;

    public bool IsRoot => Names.IsEmpty;

    /// <exception cref="RpcException">It is no path, or too long or deep.</exception>
    public static AnchorPath Parse(string text)
    {
        if (text.Length > Limits.AnchorPathCharsMax)
        {
            throw new RpcException($"a path has at most {Limits.AnchorPathCharsMax} characters");
        }

        foreach (var character in text)
        {
            if (character is < '!' or > '~' or '\\')
            {
                throw new RpcException("a path has printable ASCII characters only, no blank and no backslash");
            }
        }

        var names = new List<string>();
        foreach (var name in text.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..")
            {
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            }
            else if (name != ".")
            {
                names.Add(name);
            }
        }

        return names.Count <= Limits.AnchorDepthMax
            ? new AnchorPath([.. names])
            : throw new RpcException($"a path has at most {Limits.AnchorDepthMax} names");
    }

    /// <summary>What is left behind the first name.</summary>
    public AnchorPath Tail => new(Names[1..].ToArray());

    public override string ToString() => "/" + string.Join('/', _names ?? []);
}
