using Wetware.Capnp;
using Wetware.Rpc;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Protocol.Routing;

/// <summary>Queries on the wire: a selector and constraints. What a client may not ask is a clear error.</summary>
internal static class QueryCodec
{
    public static Query Read(Wire.Selector.Reader selector, StructListReader<Wire.Constraint.Reader> constraints)
    {
        try
        {
            var query = selector.Which switch
            {
                Wire.Selector.Which.All => Query.All,
                Wire.Selector.Which.Match => Query.Match(Read(selector.Match)),
                Wire.Selector.Which.From => Query.From(Read(selector.From)),
                _ => throw new RpcException("the selector is of a kind that is not known here"),
            };
            foreach (var constraint in constraints)
            {
                query = constraint.Which switch
                {
                    Wire.Constraint.Which.Limit => query.Take((long)Math.Min(constraint.Limit, long.MaxValue)),
                    Wire.Constraint.Which.To => query.To(Read(constraint.To)),
                    _ => throw new RpcException("the constraint is of a kind that is not known here"),
                };
            }

            return query;
        }
        catch (ArgumentException failure)
        {
            throw new RpcException(failure.Message);
        }
    }

    public static void Write(Wire.Selector.Builder selector, Query query)
    {
        if (query.Start is not { } start)
        {
            selector.SetAll();
        }
        else
        {
            Write(ReferenceEquals(query.Start, query.End) ? selector.InitMatch() : selector.InitFrom(), start);
        }
    }

    /// <summary>How many constraints a query needs beside its selector.</summary>
    public static int ConstraintCount(Query query) => (HasLimit(query) ? 1 : 0) + (HasTo(query) ? 1 : 0);

    public static void Write(StructListBuilder<Wire.Constraint.Builder> constraints, Query query)
    {
        var next = 0;
        if (HasTo(query))
        {
            Write(constraints[next++].InitTo(), query.End!);
        }

        if (HasLimit(query))
        {
            var limit = constraints[next];
            limit.Limit = (ulong)query.Limit;
        }
    }

    private static bool HasLimit(Query query) => query.Limit != long.MaxValue;

    private static bool HasTo(Query query) => query.End is not null && !ReferenceEquals(query.Start, query.End);

    private static IndexKey Read(Wire.Index.Reader wire) => wire.Which switch
    {
        Wire.Index.Which.Peer => IndexKey.Create(IndexKind.Peer, wire.Peer.Utf8, wire.Prefix),
        Wire.Index.Which.Server => IndexKey.Create(IndexKind.Server, wire.Server.Utf8, wire.Prefix),
        Wire.Index.Which.Host => IndexKey.Create(IndexKind.Host, wire.Host.Utf8, wire.Prefix),
        Wire.Index.Which.Meta => IndexKey.Create(IndexKind.Meta, wire.Meta.Utf8, wire.Prefix),
        _ => throw new RpcException("the index is of a kind that is not known here"),
    };

    private static void Write(Wire.Index.Builder wire, IndexKey key)
    {
        wire.Prefix = key.IsPrefix;
        switch (key.Kind)
        {
            case IndexKind.Peer:
                wire.SetPeer(key.Bytes);
                break;
            case IndexKind.Server:
                wire.SetServer(key.Bytes);
                break;
            case IndexKind.Host:
                wire.SetHost(key.Bytes);
                break;
            default:
                wire.SetMeta(key.Bytes);
                break;
        }
    }
}
