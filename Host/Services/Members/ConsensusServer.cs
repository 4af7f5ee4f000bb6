using System.Buffers;
using System.Collections.Immutable;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Consensus;
using Wetware.Protocol;
using Wetware.Raft;
using Wetware.Raft.Log;
using Wetware.Rpc;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Members;

/// <summary>Hands what other members send to the Raft loop.</summary>
/// <param name="loop">The loop.</param>
/// <param name="snapshots">Where snapshots from leaders are stored.</param>
/// <param name="self">This member.</param>
/// <param name="timeout">How long a proposal is awaited.</param>
internal sealed class ConsensusServer(RaftLoop loop, SnapshotStore snapshots, NodeId self, TimeSpan timeout) : Wire.Consensus.IServer
{
    public ValueTask StepAsync(CallContext<Wire.Consensus.StepParams.Reader, StreamResult.Builder> call)
    {
        var messages = call.Params.Messages;
        var arrived = ArrayPool<RaftEvent>.Shared.Rent(messages.Count);
        var count = 0;
        foreach (var wire in messages)
        {
            var message = MessageCodec.Read(wire);
            if (message.To == self)
            {
                arrived[count++] = RaftEvent.Of(new GroupId(wire.Group), message);
            }
        }

        // In one turn, so that the answers of all groups go back together too.
        _ = loop.Post(arrived.AsSpan(0, count));
        ArrayPool<RaftEvent>.Shared.Return(arrived, clearArray: true);
        return ValueTask.CompletedTask;
    }

    public async ValueTask SnapshotAsync(CallContext<Wire.Consensus.SnapshotParams.Reader, Wire.Consensus.SnapshotResults.Builder> call)
    {
        var (wire, size) = (call.Params.Message, call.Params.Size);
        var group = new GroupId(wire.Group);
        var message = MessageCodec.Read(wire);
        if (message.To != self || loop.Find(group) is null || size > (ulong)Consensus.Limits.SnapshotBytesMax)
        {
            throw new RpcException($"a snapshot of {size} bytes for member {message.To} of group {group} is not for this node");
        }

        if (message.Snapshot is not { Metadata: var metadata })
        {
            throw new RpcException("the message announces no snapshot");
        }

        var writer = await loop.CallAsync(group, () => snapshots.Begin(group, metadata)).ConfigureAwait(false);
        var intake = new SnapshotIntake(writer, (long)size);
        using var client = Wire.Consensus.Sink.Client.Serve(new SnapshotSink(loop, group, message, intake));
        call.Results.SetSink(client);
        call.Results.From = (ulong)intake.From;
    }

    public async ValueTask ProposeAsync(CallContext<Wire.Consensus.ProposeParams.Reader, Wire.Consensus.ProposeResults.Builder> call)
    {
        var outcome = await loop.ProposeAsync(new GroupId(call.Params.Group), call.Params.Command.Memory, timeout).ConfigureAwait(false);
        OutcomeCodec.Write(call.Results.InitOutcome(), outcome);
    }

    public ValueTask JoinAsync(CallContext<Wire.Consensus.JoinParams.Reader, Wire.Consensus.JoinResults.Builder> call)
    {
        if (!PeerId.TryFromBytes(call.Params.Peer.Utf8, out var peer))
        {
            throw new RpcException("the peer id is malformed");
        }

        var addresses = ImmutableArray.CreateBuilder<Multiaddr>();
        foreach (var wire in call.Params.Addrs)
        {
            if (Multiaddr.TryFromBytes(wire.Span, out var address))
            {
                addresses.Add(address);
            }
        }

        var node = new NodeId(call.Params.Node);
        if (!MemberInfo.IsOf(node, peer))
        {
            throw new RpcException($"{node} is no member number of peer {peer}");
        }

        var member = new MemberInfo(node, peer, addresses.ToImmutable(), call.Params.Votes);
        foreach (var status in loop.Status)
        {
            call.Results.Leader = status.Leader.Value;
            _ = loop.Post(new RaftEvent(RaftEventKind.Join, status.Group) { Subject = member });
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask StatusAsync(CallContext<Wire.Consensus.StatusParams.Reader, Wire.Consensus.StatusResults.Builder> call)
    {
        var groups = loop.Status.ToArray();
        var wire = call.Results.InitGroups(groups.Length);
        for (var i = 0; i < groups.Length; i++)
        {
            var (entry, status) = (wire[i], groups[i]);
            entry.Group = status.Group.Value;
            entry.Node = status.Node.Value;
            entry.Leader = status.Leader.Value;
            entry.Term = status.Term.Value;
            entry.Commit = status.Commit.Value;
            entry.Applied = status.Applied.Value;
            entry.Digest = status.Digest;
            MessageCodec.Write(entry.InitVoters(status.Voters.Length), status.Voters);
            MessageCodec.Write(entry.InitLearners(status.Learners.Length), status.Learners);
        }

        return ValueTask.CompletedTask;
    }
}
