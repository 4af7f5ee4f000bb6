using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Client;

/// <summary>
/// The registers of all nodes of a cluster, by paths such as <c>/&lt;peer id&gt;/some/name</c>. An anchor that nobody holds and that holds nothing is gone.
/// Safe for concurrent use. Every method throws <see cref="WetwareException"/> when a node refuses or is lost.
/// </summary>
public sealed class AnchorClient
{
    private readonly Anchor.Client _root;

    internal AnchorClient(Anchor.Client root) => _root = root;

    /// <summary>The names directly below an anchor, in order: those of the nodes below <c>/</c>.</summary>
    public Task<IReadOnlyList<string>> ListAsync(string path = "/", CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var walk = Walk(path, cancellation);
        using var answer = walk.Pipeline.Anchor.Ls(cancellation);
        var names = new List<string>();
        foreach (var child in (await answer).Children)
        {
            names.Add(child.Name.ToString());
        }

        return (IReadOnlyList<string>)names;
    });

    /// <summary>Reads an anchor. The anchor of a node holds a session with that node.</summary>
    public Task<AnchorValue> LoadAsync(string path, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var walk = Walk(path, cancellation);
        using var cell = walk.Pipeline.Anchor.Cell(cancellation);
        using var answer = cell.Pipeline.Loader.Load(cancellation);
        var results = await answer;
        return Read(results.Value, results.Version);
    });

    /// <summary>Stores bytes in an anchor; false if it holds something already and that is not to be overwritten.</summary>
    public Task<bool> StoreAsync(string path, ReadOnlyMemory<byte> data, bool overwrite = false, CancellationToken cancellation = default) =>
        StoreAsync(path, wire => wire.SetData(data.Span), overwrite, cancellation);

    /// <summary>Stores a program in an anchor; false if it holds something already and that is not to be overwritten.</summary>
    public Task<bool> StoreAsync(string path, RemoteProcess process, bool overwrite = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(process);
        return StoreAsync(path, process.Write, overwrite, cancellation);
    }

    /// <summary>Stores a channel in an anchor; false if it holds something already and that is not to be overwritten.</summary>
    public Task<bool> StoreAsync(string path, RemoteChannel channel, bool overwrite = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return StoreAsync(path, wire => wire.SetCap(channel.Capability), overwrite, cancellation);
    }

    /// <summary>Empties an anchor.</summary>
    public Task ClearAsync(string path, CancellationToken cancellation = default) => StoreAsync(path, static wire => wire.SetNull(), overwrite: true, cancellation);

    /// <summary>Stores bytes in an anchor if it still holds what was read with a version; false if not.</summary>
    public Task<bool> UpdateAsync(string path, ulong version, ReadOnlyMemory<byte> data, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var walk = Walk(path, cancellation);
        using var cell = walk.Pipeline.Anchor.Cell(cancellation);
        var request = cell.Pipeline.Swapper.UpdateRequest();
        request.Params.Version = version;
        request.Params.InitNew().SetData(data.Span);
        using var answer = request.Send(cancellation);
        return (await answer).Updated;
    });

    /// <summary>The capability in an anchor, which the caller disposes of; null if it holds none.</summary>
    internal Task<Capability?> LoadCapabilityAsync(string path, CancellationToken cancellation) => RpcFailures.TranslateAsync(async () =>
    {
        using var walk = Walk(path, cancellation);
        using var cell = walk.Pipeline.Anchor.Cell(cancellation);
        using var answer = cell.Pipeline.Loader.Load(cancellation);
        var value = (await answer).Value;
        return value.Which == Anchor.Value.Which.Cap && !value.Cap.IsNull ? value.Cap.AddRef() : null;
    });

    private static AnchorValue Read(Anchor.Value.Reader wire, ulong version) => wire.Which switch
    {
        Anchor.Value.Which.Data => new AnchorValue(AnchorKind.Data, wire.Data.ToArray(), null, null, version),
        Anchor.Value.Which.Process => new AnchorValue(AnchorKind.Process, default, new RemoteProcess(wire.Process.AddRef(), 0, default), null, version),
        Anchor.Value.Which.Cap => new AnchorValue(AnchorKind.Capability, default, null, null, version),
        Anchor.Value.Which.Session => ReadSession(wire.Session, version),
        _ => new AnchorValue(AnchorKind.Empty, default, null, null, version),
    };

    private static AnchorValue ReadSession(Session.Reader wire, ulong version)
    {
        var held = HeldSession.From(wire);
        return new AnchorValue(AnchorKind.Session, default, null, new WetwareSession(held), version) { Held = held };
    }

    private Task<bool> StoreAsync(string path, Action<Anchor.Value.Builder> write, bool overwrite, CancellationToken cancellation) => RpcFailures.TranslateAsync(async () =>
    {
        using var walk = Walk(path, cancellation);
        using var cell = walk.Pipeline.Anchor.Cell(cancellation);
        var results = await cell;
        if (results.Storer.Capability.IsNull)
        {
            throw new WetwareException($"nothing can be stored in {path}");
        }

        var request = results.Storer.StoreRequest();
        write(request.Params.InitValue());
        request.Params.Overwrite = overwrite;
        using var answer = request.Send(cancellation);
        return (await answer).Succeeded;
    });

    private Rpc.Answer<Anchor.WalkResults.Reader, Anchor.WalkResults.Pipeline> Walk(string path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _root.Capability is null or { IsNull: true } ? throw new WetwareException("the session grants no anchors") : _root.Walk(path, cancellation);
    }
}
