using System.Collections.Immutable;
using Wetware.Capnp;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Protocol;
using Wetware.Raft;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Host.Consensus;

/// <summary>Between the core's messages and the wire's. Whatever came from the wire is checked here for shape; the core checks it for sense.</summary>
internal static class MessageCodec
{
    public static void Write(StructListBuilder<Wire.Message.Builder> wire, MessageBatch batch)
    {
        var i = 0;
        foreach (ref readonly var message in batch.Messages)
        {
            Write(wire[i++], message.Group, ((Envelope)message.Subject!).Message);
        }
    }

    public static void Write(Wire.Message.Builder wire, GroupId group, in Message message)
    {
        wire.Type = (byte)message.Type;
        wire.Group = group.Value;
        wire.To = message.To.Value;
        wire.From = message.From.Value;
        wire.Term = message.Term.Value;
        wire.LogTerm = message.LogTerm.Value;
        wire.Index = message.Index.Value;
        wire.Commit = message.Commit.Value;
        wire.Reject = message.Reject;
        wire.RejectHint = message.RejectHint.Value;
        wire.Context = message.Context;
        if (message.Entries.Length > 0)
        {
            var entries = wire.InitEntries(message.Entries.Length);
            var i = 0;
            foreach (ref readonly var entry in message.Entries.Span)
            {
                Write(entries[i++], entry);
            }
        }

        if (message.Snapshot is { } snapshot)
        {
            Write(wire.InitSnapshot(), snapshot.Metadata);
        }
    }

    /// <summary>Reads a message; of a snapshot what it stands for, since the data come on their own.</summary>
    public static Message Read(Wire.Message.Reader wire)
    {
        var message = new Message
        {
            Type = (MessageType)wire.Type,
            To = new NodeId(wire.To),
            From = new NodeId(wire.From),
            Term = new Term(wire.Term),
            LogTerm = new Term(wire.LogTerm),
            Index = new LogIndex(wire.Index),
            Commit = new LogIndex(wire.Commit),
            Reject = wire.Reject,
            RejectHint = new LogIndex(wire.RejectHint),
            Context = wire.Context,
        };
        var entries = wire.Entries;
        if (entries.Count > 0)
        {
            var copy = new Entry[entries.Count];
            for (var i = 0; i < copy.Length; i++)
            {
                var entry = entries[i];
                copy[i] = new Entry(new Term(entry.Term), new LogIndex(entry.Index), (EntryType)entry.Type, entry.Data.ToArray());
            }

            message.Entries = copy;
        }

        if (wire.HasSnapshot)
        {
            message.Snapshot = new Snapshot(Read(wire.Snapshot), default);
        }

        return message;
    }

    private static SnapshotMetadata Read(Wire.SnapshotMetadata.Reader wire) => new(
        new LogIndex(wire.Index),
        new Term(wire.Term),
        new ConfState
        {
            Voters = NodeList.Read(wire.Voters),
            VotersOutgoing = NodeList.Read(wire.VotersOutgoing),
            Learners = NodeList.Read(wire.Learners),
            LearnersNext = NodeList.Read(wire.LearnersNext),
            Witnesses = NodeList.Read(wire.Witnesses),
            AutoLeave = wire.AutoLeave,
        });

    public static void Write(ScalarListBuilder<ulong> wire, ImmutableArray<NodeId> nodes)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            wire[i] = nodes[i].Value;
        }
    }

    private static void Write(Wire.Entry.Builder wire, in Entry entry)
    {
        wire.Term = entry.Term.Value;
        wire.Index = entry.Index.Value;
        wire.Type = (byte)entry.Type;
        wire.SetData(entry.Data.Span);
    }

    private static void Write(Wire.SnapshotMetadata.Builder wire, in SnapshotMetadata metadata)
    {
        wire.Index = metadata.Index.Value;
        wire.Term = metadata.Term.Value;
        wire.AutoLeave = metadata.ConfState.AutoLeave;
        Write(wire.InitVoters(metadata.ConfState.Voters.Length), metadata.ConfState.Voters);
        Write(wire.InitVotersOutgoing(metadata.ConfState.VotersOutgoing.Length), metadata.ConfState.VotersOutgoing);
        Write(wire.InitLearners(metadata.ConfState.Learners.Length), metadata.ConfState.Learners);
        Write(wire.InitLearnersNext(metadata.ConfState.LearnersNext.Length), metadata.ConfState.LearnersNext);
        Write(wire.InitWitnesses(metadata.ConfState.Witnesses.Length), metadata.ConfState.Witnesses);
    }
}
