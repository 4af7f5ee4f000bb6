using FsCheck;
using FsCheck.Fluent;
using Wetware.Core;
using Wetware.Protocol.Queues;
using Property = Wetware.Testing.Property;

namespace Wetware.Queue.Tests;

/// <summary>Random programs: the machine against the model, against itself, and against itself after a snapshot.</summary>
public class ModelTests
{
    private static Gen<(ulong Seed, int Length)> Programs =>
        from high in Gen.Choose(0, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        from length in Gen.Choose(1, 400)
        select (((ulong)high << 32) | (uint)low, length);

    [Fact]
    public void The_machine_answers_as_the_model_does() => Property.Check(Programs, program =>
    {
        var driver = new Driver(program.Seed);
        var replica = new Replica();
        var model = new Model();
        for (var step = 0; step < program.Length; step++)
        {
            var sent = driver.Next(step);
            var expected = model.Apply(sent.Command, sent.Time, sent.Session, sent.Sequence);
            var actual = replica.Apply(sent.Bytes);
            AssertSame(expected, actual, step);
            driver.Learn(sent, actual);
            foreach (var topic in model.Topics)
            {
                Assert.Equal(topic.Stats, replica.Stats(new TopicId((uint)topic.Number)));
            }
        }
    });

    [Fact]
    public void A_replica_restored_at_any_point_goes_on_as_the_others() => Property.Check(Programs, program =>
    {
        var driver = new Driver(program.Seed);
        var prng = new Prng(program.Seed + 1);
        var one = new Replica();
        var other = new Replica();
        for (var step = 0; step < program.Length; step++)
        {
            var sent = driver.Next(step);
            var bytes = sent.Bytes;
            var reply = one.Apply(bytes);
            driver.Learn(sent, reply);
            other.Apply(bytes);
            Assert.Equal(one.LastReply, other.LastReply);
            Assert.Equal(one.Machine.Digest, other.Machine.Digest);
            if (prng.Chance(0.05))
            {
                other.Reincarnate();
                Assert.Equal(one.Machine.Digest, other.Machine.Digest);
                Assert.Equal(one.Machine.Applied, other.Machine.Applied);
            }
        }
    });

    [Fact]
    public void Every_command_that_changes_something_changes_the_digest()
    {
        var driver = new Driver(7);
        var replica = new Replica();
        for (var step = 0; step < 2000; step++)
        {
            var before = (replica.Machine.Digest, Convert.ToHexString(Content(replica)));
            var sent = driver.Next(step);
            driver.Learn(sent, replica.Apply(sent.Bytes));
            var after = (replica.Machine.Digest, Convert.ToHexString(Content(replica)));
            Assert.Equal(before.Item2 == after.Item2, before.Digest == after.Digest);
        }
    }

    // A snapshot without the applied index, the digest and the checksum.
    private static byte[] Content(Replica replica) => replica.Snapshot()[12..^12];

    private static void AssertSame(QueueReply expected, QueueReply actual, int step)
    {
        Assert.Equal((step, expected.Status, expected.Failed, expected.Clock), (step, actual.Status, actual.Failed, actual.Clock));
        Assert.Equal(expected.Session, actual.Session);
        Assert.Equal(expected.Topic, actual.Topic);
        Assert.Equal(expected.Outcomes, actual.Outcomes);
        Assert.Equal(expected.Messages.Select(Text), actual.Messages.Select(Text));
    }

    private static string Text(LeasedMessage message) =>
        $"{message.Token} {message.Attempts} {message.Deadline} {Convert.ToHexString(message.Payload.Span)}";
}
