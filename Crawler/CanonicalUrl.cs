using System.Diagnostics.CodeAnalysis;

namespace Wetware.Crawler;

/// <summary>
/// An absolute http or https URL in the one spelling that the crawler compares and dedupes by: scheme and host in lower case, host in
/// ASCII, no user, no default port, no fragment, no dot segments (RFC 3986, section 6.2.2), percent-escapes in upper case and only where
/// they are needed, a path of at least "/", and the query's parameters ordered by name. Making a canonical URL canonical again
/// changes nothing.
/// </summary>
public sealed class CanonicalUrl : IEquatable<CanonicalUrl>
{
    private readonly int _pathStart;
    private readonly int _queryStart;

    private CanonicalUrl(string origin, string path, string query)
    {
        Origin = origin;
        _pathStart = origin.Length;
        Text = query.Length == 0 ? origin + path : string.Concat(origin, path, "?", query);
        _queryStart = origin.Length + path.Length;
    }

    /// <summary>The whole URL.</summary>
    public string Text { get; }

    /// <summary>Scheme, host and, unless it is the scheme's own, port: "https://example.org:8443".</summary>
    public string Origin { get; }

    /// <summary>Host and, unless it is the scheme's own, port: what scope and politeness go by.</summary>
    public string Authority => Origin[(Origin.IndexOf("//", StringComparison.Ordinal) + 2)..];

    /// <summary>The path, from its first slash.</summary>
    public ReadOnlySpan<char> Path => Text.AsSpan(_pathStart, _queryStart - _pathStart);

    /// <summary>The path and, if there is one, the question mark and query.</summary>
    public ReadOnlySpan<char> PathAndQuery => Text.AsSpan(_pathStart);

    /// <summary>Parses an absolute URL.</summary>
    /// <returns>False for what is no URL, or one of another scheme, or too long.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CanonicalUrl? url) => TryResolve(null, text, out url);

    /// <summary>Parses a reference as it stands in a page at <paramref name="from"/> (RFC 3986, section 5).</summary>
    /// <returns>False for what is no URL, or one of another scheme, or too long.</returns>
    public static bool TryResolve(CanonicalUrl? from, string? reference, [NotNullWhen(true)] out CanonicalUrl? url)
    {
        url = null;
        if (reference is null || reference.Length > Limits.UrlCharactersMax)
        {
            return false;
        }

        var clean = UrlText.Clean(reference);
        Uri? uri;
        if (from is null)
        {
            // Only what names its scheme: a bare path would otherwise be taken for a file's.
            if (!HasWebScheme(clean) || !Uri.TryCreate(clean, UriKind.Absolute, out uri))
            {
                return false;
            }
        }
        else if (!Uri.TryCreate(new Uri(from.Text), clean, out uri))
        {
            return false;
        }

        return (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && TryBuild(uri, out url);
    }

    /// <inheritdoc/>
    public bool Equals(CanonicalUrl? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CanonicalUrl);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <summary>The whole URL.</summary>
    public override string ToString() => Text;

    private static bool HasWebScheme(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static bool TryGetHost(Uri uri, out string host)
    {
        try
        {
            host = (uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost.TrimEnd('.')).ToLowerInvariant();
            return UrlText.IsHost(host);
        }
        catch (UriFormatException)
        {
            // The parser lets names through that have no ASCII form.
            host = "";
            return false;
        }
    }

    private static bool TryBuild(Uri uri, [NotNullWhen(true)] out CanonicalUrl? url)
    {
        url = null;
        if (!TryGetHost(uri, out var host))
        {
            return false;
        }

        var origin = uri.IsDefaultPort
            ? string.Concat(uri.Scheme, "://", host)
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{uri.Scheme}://{host}:{uri.Port}");
        var path = UrlText.WithoutDotSegments(UrlText.Escape(uri.GetComponents(UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.UriEscaped)));
        var query = UrlText.OrderQuery(UrlText.Escape(uri.GetComponents(UriComponents.Query, UriFormat.UriEscaped)));
        var built = new CanonicalUrl(origin, path, query);
        if (built.Text.Length > Limits.UrlCharactersMax)
        {
            return false;
        }

        url = built;
        return true;
    }
}
