using System.Text;
using Wetware.Client;
using Wetware.Core;
using Wetware.Crawler.Fetch;
using Wetware.Host;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Fuzz.Processes;

/// <summary>A client that writes one message after the other to a topic, through whichever node answers, and knows which were acknowledged.</summary>
internal sealed class Writer(int id, string[] addresses, ulong seed)
{
    public const string Topic = "written";

    // A write that no node of three answers for so long is given up as unknown.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly List<bool> _isAcked = [];
    private Prng _random = new(seed);

    public int Written => _isAcked.Count;

    public int Acked => _isAcked.Count(isAcked => isAcked);

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                var client = await Readings.ConnectAsync(addresses[_random.Below((ulong)addresses.Length)]).ConfigureAwait(false);
                await using (client.ConfigureAwait(false))
                {
                    await WriteAsync(client, end).ConfigureAwait(false);
                }
            }
            catch (Exception lost) when (lost is WetwareException or OperationCanceledException)
            {
                // The node is down or stopped: the next draw may be another.
            }
        }
    }

    /// <summary>Whether what is there agrees with what was acknowledged.</summary>
    /// <exception cref="ProcessFailure">It does not.</exception>
    public void Check(IReadOnlyList<string> read)
    {
        var prefix = $"{id} ";
        var mine = read.Where(text => text.StartsWith(prefix, StringComparison.Ordinal)).Select(text => int.Parse(text[prefix.Length..], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        for (var i = 1; i < mine.Length; i++)
        {
            // One write is under way at a time, but one that was given up may still come later, once.
            if (mine[i] <= mine[i - 1] && _isAcked[mine[i]])
            {
                throw new ProcessFailure($"client {id}: message {mine[i]} comes after {mine[i - 1]}");
            }
        }

        var found = mine.ToHashSet();
        if (found.Count != mine.Length)
        {
            throw new ProcessFailure($"client {id}: a message is there twice");
        }

        for (var number = 0; number < _isAcked.Count; number++)
        {
            if (_isAcked[number] && !found.Contains(number))
            {
                throw new ProcessFailure($"client {id}: message {number} of {_isAcked.Count} was acknowledged and is lost");
            }
        }
    }

    private async Task WriteAsync(WetwareClient client, CancellationToken end)
    {
        var queues = client.Session.Queues;
        using var first = new CancellationTokenSource(s_patience);
        var created = await queues.ExecuteAsync(QueueCommand.CreateTopic(Topic, TopicOptions.Default), first.Token).ConfigureAwait(false);
        while (!end.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(s_patience);
            var number = _isAcked.Count;
            _isAcked.Add(false);
            var payload = Encoding.UTF8.GetBytes($"{id} {number}");
            var reply = await queues.ExecuteAsync(QueueCommand.Transact(QueueOperation.Enqueue(created.Topic, payload)), limit.Token).ConfigureAwait(false);
            if (reply.Status != QueueStatus.Ok)
            {
                throw new ProcessFailure($"client {id}: message {number} is answered with {reply.Status}");
            }

            _isAcked[number] = true;
        }
    }
}
