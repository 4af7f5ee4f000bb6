using System.Buffers;
using System.Text;
using Wetware.Cli.Tests.Programs;
using Wetware.Client;
using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Core.Multiformats;
using Wetware.Host.Consensus;
using Wetware.Host.Net;
using Wetware.Protocol;
using Wetware.Protocol.Queues;
using Wetware.Queue;
using Wetware.Rpc;
using Wetware.Testing;

namespace Wetware.Cli.Tests.Crashes;

/// <summary>The very bytes of a command, sent again: the session and the number in them make it count once.</summary>
public sealed class RetryTests : IDisposable
{
    private readonly PeerKey _key = PeerKey.Create();
    private readonly Dialer _dialer;

    public RetryTests() => _dialer = new Dialer(_key, "ww", Dialer.NewSecurity(_key, "ww", isInsecure: false), Patience.Limit);

    public void Dispose()
    {
        _dialer.Security.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task Commands_that_are_sent_again_after_crashes_count_once_and_get_the_same_reply()
    {
        var prng = new Prng(Property.Seed());
        using var cluster = await Trio.StartAsync();
        var leader = await cluster.LeaderAsync();
        var session = (await InsistAsync(leader, Encode(QueueCommand.OpenSession))).Session;
        var topic = (await InsistAsync(leader, Encode(QueueCommand.CreateTopic("t", TopicOptions.Default), session, 1))).Topic;
        var commands = Enumerable.Range(2, QueueLimits.SessionWindow - 1)
            .Select(number => Encode(QueueCommand.Transact(QueueOperation.Enqueue(topic, Encoding.UTF8.GetBytes($"{number}"))), session, (ulong)number))
            .ToArray();

        // The leader dies under the first tries: some have their answer, of some nobody knows.
        var killAfter = prng.Between(1, commands.Length - 1);
        var tries = commands.Select(command => TryAsync(leader, command)).ToArray();
        var ended = 0;
        await foreach (var _ in Task.WhenEach(tries))
        {
            if (++ended == killAfter)
            {
                leader.Kill();
                break;
            }
        }

        var first = await Patience.For(Task.WhenAll(tries), "the first tries to end");
        var second = await InsistAsync(cluster.Nodes.First(node => node.IsRunning), commands);
        foreach (var node in cluster.Nodes)
        {
            node.Kill();
        }

        // The founder waits for nobody, and the others for it.
        foreach (var node in cluster.Nodes)
        {
            await node.StartAsync();
        }

        var third = await InsistAsync(leader, commands);
        for (var i = 0; i < commands.Length; i++)
        {
            Assert.True(first[i] is null || Offset(first[i]!) == Offset(second[i]));
            Assert.Equal(Offset(second[i]), Offset(third[i]));
        }

        await using var client = await WetwareClient.ConnectAsync([leader.Address], WetwareClientOptions.Default with { Timeout = Patience.Limit }, TestContext.Current.CancellationToken);
        var stored = await client.Session.Queues.QueryAsync(QueueQuery.Scan(topic, 0, 100), TestContext.Current.CancellationToken);
        Assert.Equal(
            commands.Select((_, i) => $"{i + 2}").Order(StringComparer.Ordinal),
            stored.Entries.Select(entry => Encoding.UTF8.GetString(entry.Payload.Span)).Order(StringComparer.Ordinal));
        await cluster.ConvergedAsync();
    }

    private static ulong Offset(QueueReply reply)
    {
        Assert.Equal(QueueStatus.Ok, reply.Status);
        return reply.Outcomes[0].Offset;
    }

    private static byte[] Encode(QueueCommand command, ulong session = 0, ulong number = 0)
    {
        var bytes = new ArrayBufferWriter<byte>();
        QueueCodec.Encode(command, time: 1, session, number, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private async Task<QueueReply[]> InsistAsync(WwNode node, byte[][] commands)
    {
        var replies = new QueueReply[commands.Length];
        for (var i = 0; i < commands.Length; i++)
        {
            replies[i] = await InsistAsync(node, commands[i]);
        }

        return replies;
    }

    private async Task<QueueReply> InsistAsync(WwNode node, byte[] command) =>
        (await Patience.Until(() => TryAsync(node, command), reply => reply is not null, $"a command to be committed through {node.Name}"))!;

    /// <summary>Sends a command once.</summary>
    /// <returns>The reply, or null if there is none and it is not known whether it was carried out.</returns>
    private async Task<QueueReply?> TryAsync(WwNode node, byte[] command)
    {
        try
        {
            await using var remote = await _dialer.DialAsync(Multiaddr.Parse(node.Address), PeerId.None, TestContext.Current.CancellationToken);
            using var answer = remote.Session.Wire.Queue.Propose(command, TestContext.Current.CancellationToken);
            var outcome = OutcomeCodec.Read((await answer).Outcome);
            return outcome.Kind == OutcomeKind.Committed ? QueueCodec.DecodeReply(outcome.Reply) : null;
        }
        catch (Exception failure) when (failure is WetwareException or RpcException)
        {
            return null;
        }
    }
}
