namespace Wetware.Crawler;

/// <summary>
/// One Allow or Disallow line (RFC 9309, section 2.2.2): a prefix in which <c>*</c> stands for anything and a final <c>$</c> for the end.
/// </summary>
internal readonly struct RobotsRule
{
    private readonly string[] _parts;
    private readonly bool _anchored;

    public RobotsRule(string pattern, bool allows)
    {
        Allows = allows;
        var escaped = UrlText.Escape(pattern.TrimEnd('$'));
        _anchored = pattern.EndsWith('$');
        Length = escaped.Length + (_anchored ? 1 : 0);
        _parts = escaped.Split('*');
    }

    public bool Allows { get; }

    /// <summary>The octets of the pattern: the longest that matches decides.</summary>
    public int Length { get; }

    public bool Matches(ReadOnlySpan<char> path)
    {
        if (!path.StartsWith(_parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        var rest = path[_parts[0].Length..];
        for (var i = 1; i < _parts.Length; i++)
        {
            var part = _parts[i].AsSpan();
            if (_anchored && i == _parts.Length - 1)
            {
                return rest.EndsWith(part, StringComparison.Ordinal);
            }

            // The earliest place leaves the most for the parts that follow.
            var at = rest.IndexOf(part, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + part.Length)..];
        }

        return !_anchored || rest.IsEmpty;
    }
}
