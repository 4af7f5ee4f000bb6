using System.Buffers;
using Wetware.Core;
using Wetware.Protocol.Queues;
using Property = Wetware.Testing.Property;

namespace Wetware.Queue.Tests;

/// <summary>A captured state stays as it was, whatever the machine does meanwhile.</summary>
public sealed class CaptureTests
{
    [Fact]
    public void What_is_captured_is_written_as_it_was_after_any_commands_since()
    {
        var seed = Property.Seed();
        for (var run = 0UL; run < 50; run++)
        {
            var (driver, random, replica) = (new Driver(seed + run), new Prng(seed + run), new Replica());
            var step = 0;
            void Go(int steps)
            {
                for (; steps > 0; steps--)
                {
                    var sent = driver.Next(step++);
                    driver.Learn(sent, replica.Apply(sent.Bytes));
                }
            }

            for (var round = 0; round < 6; round++)
            {
                Go(random.Between(0, 120));
                var expected = replica.Snapshot();
                var capture = replica.Machine.Capture();
                Go(random.Between(0, 120));
                Assert.Equal(expected, Written(capture));
                capture.Release();
                // What was shared belongs to the machine again, and nothing of it is damaged.
                replica.Reincarnate();
            }
        }
    }

    [Fact]
    public async Task It_can_be_written_on_another_thread_while_the_machine_is_busy()
    {
        const int waiting = 20_000;
        var replica = new Replica();
        var topic = replica.Topic("busy", new TopicOptions(Dedupe: true));
        var payload = new byte[100];
        for (var i = 0; i < waiting; i += 1000)
        {
            replica.Do(QueueCommand.Transact([.. Enumerable.Range(i, 1000).Select(key => QueueOperation.Enqueue(topic, BitConverter.GetBytes(key), payload))]));
        }

        for (var round = 0; round < 3; round++)
        {
            var expected = replica.Snapshot();
            var capture = replica.Machine.Capture();
            var writing = Task.Run(() => Written(capture), TestContext.Current.CancellationToken);
            var key = waiting * (round + 1);
            for (var i = 0; i < 20 || !writing.IsCompleted; i++, key += 100)
            {
                Array.Fill(payload, (byte)i);
                var leased = replica.Lease(topic, 100);
                replica.Do(QueueCommand.Transact([
                    .. leased.Select(message => QueueOperation.Ack(topic, message.Token)),
                    .. Enumerable.Range(key, 100).Select(k => QueueOperation.Enqueue(topic, BitConverter.GetBytes(-k), payload))]));
            }

            var written = await writing;
            Assert.True(expected.AsSpan().SequenceEqual(written), $"round {round}");
            capture.Release();
        }

        replica.Reincarnate();
    }

    [Fact]
    public void A_machine_that_is_restored_while_it_is_captured_leaves_the_capture_alone()
    {
        var (replica, other) = (new Replica(), new Replica());
        other.Topic("other");
        replica.Topic("one");
        var expected = replica.Snapshot();
        var capture = replica.Machine.Capture();
        replica.Machine.Restore(new ReadOnlySequence<byte>(other.Snapshot()));
        var next = replica.Machine.Capture();
        Assert.Equal(expected, Written(capture));
        capture.Release();
        Assert.Equal(other.Snapshot(), Written(next));
        next.Release();
    }

    [Fact]
    public void Frozen_pages_are_never_written_and_those_of_nobody_else_are_not_copied()
    {
        var random = new Prng(Property.Seed());
        var array = new PagedArray<int>(PagedArray<int>.PageLength);
        var (model, kept) = (new int[array.Length], ((PagedArray<int> Frozen, int[] Model)?)null);
        for (var step = 0; step < 20_000; step++)
        {
            switch (random.Below(100))
            {
                case 0 when kept is null:
                    kept = (array.Freeze(), [.. model]);
                    break;
                case 1 when kept is { } held:
                    for (var i = 0; i < held.Model.Length; i++)
                    {
                        Assert.Equal(held.Model[i], held.Frozen[i]);
                    }

                    array.Release();
                    kept = null;
                    break;
                case 2 when model.Length < 64 * PagedArray<int>.PageLength:
                    array.Grow(2 * array.Length);
                    Array.Resize(ref model, array.Length);
                    break;
                default:
                    var place = (int)random.Below((ulong)model.Length);
                    array.Own(place) = model[place] = step;
                    ref var once = ref array.Own(place);
                    Assert.True(System.Runtime.CompilerServices.Unsafe.AreSame(ref once, ref array.Own(place)));
                    break;
            }
        }

        for (var i = 0; i < model.Length; i++)
        {
            Assert.Equal(model[i], array[i]);
        }
    }

    private static byte[] Written(QueueCapture capture)
    {
        var output = new ArrayBufferWriter<byte>();
        capture.Write(output);
        return output.WrittenSpan.ToArray();
    }
}
