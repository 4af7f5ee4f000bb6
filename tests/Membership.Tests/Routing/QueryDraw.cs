using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

namespace Wetware.Membership.Tests.Routing;

/// <summary>Random queries whose keys are near those of the records.</summary>
internal static class QueryDraw
{
    internal static string Label(ref Prng prng) => $"{(prng.Chance(0.5) ? "a" : "longer-name")}={"xyz"[..(int)prng.Below(4)]}{prng.Below(4)}";

    internal static string Host(ref Prng prng) => "web-server-"[..(int)prng.Below(12)] + prng.Below(3);

    internal static Query Next(ref Prng prng, int peers)
    {
        var kind = (IndexKind)prng.Below(4);
        var query = prng.Below(4) switch
        {
            0 => Query.All,
            1 => Query.Match(Key(ref prng, kind, peers)),
            2 => Query.From(Key(ref prng, kind, peers)),
            _ => Query.From(Key(ref prng, kind, peers)).To(Key(ref prng, kind, peers)),
        };
        query = prng.Chance(0.3) ? query.Take(prng.Between(1, 5)) : query;
        return prng.Chance(0.5) ? query.Reversed() : query;
    }

    private static IndexKey Key(ref Prng prng, IndexKind kind, int peers)
    {
        var text = kind switch
        {
            IndexKind.Peer => Peers.Number((int)prng.Below((ulong)peers)).ToString(),
            IndexKind.Server => new ServerId(prng.Below(3) << 60).ToString(),
            IndexKind.Host => Host(ref prng),
            _ => Label(ref prng),
        };
        var prefix = prng.Chance(0.5);
        return IndexKey.Create(kind, prefix ? text[..prng.Between(0, text.Length)] : text, prefix);
    }
}
