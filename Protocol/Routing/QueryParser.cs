using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Wetware.Protocol.Routing;

/// <summary>
/// Reads the text of a query:
/// <code>[WHERE key | FROM key [TO key] | TO key] [LIMIT n] [REVERSE]</code>
/// A key is <c>peer=</c>, <c>id=</c> (the same), <c>server=</c> or <c>host=</c> and a value, <c>meta=</c> and a whole label, or any
/// other name, which is that of a label: <c>region=us-east-1</c>. One equals sign means every value that starts so, as Wetware has always
/// had it; two mean exactly that value. A value with spaces stands in double quotes. Keywords may be in either case.
/// </summary>
public static class QueryParser
{
    /// <summary>Reads a query; false, saying what is wrong and where, if the text is not one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryError? error)
    {
        query = null;
        if (text.Length > QueryLimits.TextCharsMax)
        {
            error = new QueryError(text[..64], 64, $"a query has at most {QueryLimits.TextCharsMax} characters");
            return false;
        }

        var words = new Words(text);
        query = Clauses(words);
        error = words.Error;
        query = error is null ? query : null;
        return error is null;
    }

    private static Query Clauses(Words words)
    {
        var query = Query.All;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (words.Error is null && words.TryNext(out var word, out var at))
        {
            var keyword = word.ToUpperInvariant();
            if (keyword is not ("WHERE" or "FROM" or "TO" or "LIMIT" or "REVERSE"))
            {
                words.Fail(at, $"expected WHERE, FROM, TO, LIMIT or REVERSE, not '{word}'");
                break;
            }

            if (!seen.Add(keyword))
            {
                words.Fail(at, $"{keyword} was given before");
                break;
            }

            query = Clause(words, query, keyword, at, seen);
        }

        return query;
    }

    private static Query Clause(Words words, Query query, string keyword, int at, HashSet<string> seen)
    {
        switch (keyword)
        {
            case "REVERSE":
                return query.Reversed();
            case "LIMIT":
                return Limit(words, query);
            case "WHERE" when seen.Contains("FROM") || seen.Contains("TO"):
            case "FROM" or "TO" when seen.Contains("WHERE"):
                words.Fail(at, "WHERE stands alone, without FROM or TO");
                return query;
            case "FROM" when seen.Contains("TO"):
                words.Fail(at, "FROM comes before TO");
                return query;
        }

        var operandAt = words.Position;
        if (Key(words, keyword) is not { } key)
        {
            return query;
        }

        if (keyword == "TO" && key.Kind != query.Kind)
        {
            words.Fail(operandAt, $"TO must be a key of the same index as FROM, which is {query.Kind.ToString().ToLowerInvariant()}");
            return query;
        }

        var next = keyword switch
        {
            "WHERE" => Query.Match(key),
            "FROM" => Query.From(key),
            _ => query.To(key),
        };
        // The clauses before this one may have set a limit or a direction.
        next = query.Limit == long.MaxValue ? next : next.Take(query.Limit);
        return next.IsReverse == query.IsReverse ? next : next.Reversed();
    }

    private static Query Limit(Words words, Query query)
    {
        if (!words.TryNext(out var word, out var at))
        {
            words.Fail(at, "LIMIT needs a number");
            return query;
        }

        if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return query.Take(count);
        }

        words.Fail(at, $"LIMIT needs a number above zero, not '{word}'");
        return query;
    }

    private static IndexKey? Key(Words words, string keyword)
    {
        if (!words.TryNext(out var word, out var at))
        {
            words.Fail(at, $"{keyword} needs a key, for example host=web");
            return null;
        }

        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            words.Fail(at, $"'{word}' is not a key; a key is name=value");
            return null;
        }

        var name = word[..equals];
        var exact = equals + 1 < word.Length && word[equals + 1] == '=';
        var value = word[(equals + (exact ? 2 : 1))..];
        var kind = name.ToUpperInvariant() switch
        {
            "PEER" or "ID" => IndexKind.Peer,
            "SERVER" => IndexKind.Server,
            "HOST" => IndexKind.Host,
            _ => IndexKind.Meta,
        };
        var key = kind != IndexKind.Meta || string.Equals(name, "meta", StringComparison.OrdinalIgnoreCase) ? value : $"{name}={value}";
        var bytes = Encoding.UTF8.GetBytes(key);
        if (IndexKey.Reject(kind, bytes, !exact) is { } reason)
        {
            words.Fail(at, reason);
            return null;
        }

        return IndexKey.Create(kind, bytes, !exact);
    }

    /// <summary>The words of a text, and the first thing that is wrong with it.</summary>
    private sealed class Words(string text)
    {
        private int _at;

        internal QueryError? Error { get; private set; }

        /// <summary>Where the next word starts.</summary>
        internal int Position
        {
            get
            {
                while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                {
                    _at++;
                }

                return _at;
            }
        }

        internal void Fail(int at, string message) => Error ??= new QueryError(text, at, message);

        /// <summary>The next word without its quotes; false at the end, with the position where a word is missing.</summary>
        internal bool TryNext(out string word, out int at)
        {
            at = Position;
            var letters = new StringBuilder();
            var quote = -1;
            for (; _at < text.Length && (quote >= 0 || !char.IsWhiteSpace(text[_at])); _at++)
            {
                if (text[_at] == '"')
                {
                    quote = quote < 0 ? _at : -1;
                }
                else
                {
                    letters.Append(text[_at]);
                }
            }

            word = letters.ToString();
            if (quote >= 0)
            {
                Fail(quote, "this quote is not closed");
            }

            return _at > at;
        }
    }
}
