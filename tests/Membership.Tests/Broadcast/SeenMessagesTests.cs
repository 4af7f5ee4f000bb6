using Wetware.Membership.Broadcast;
using Wetware.Membership.Gossip;

namespace Wetware.Membership.Tests.Broadcast;

public class SeenMessagesTests
{
    private readonly SeenMessages _seen = new();

    [Fact]
    public void Beyond_its_number_the_oldest_go_whole_but_are_known_again()
    {
        for (var number = 1UL; number <= Limits.SeenMessagesMax + 10; number++)
        {
            _seen.Add(Message(origin: 1, number, bytes: 10));
        }

        Assert.False(_seen.TryGet(new MessageId(1, 10), out _));
        Assert.True(_seen.IsSeen(new MessageId(1, 10)));
        Assert.True(_seen.TryGet(new MessageId(1, 11), out _));
        Assert.False(_seen.IsSeen(new MessageId(1, Limits.SeenMessagesMax + 11)));
        Assert.False(_seen.IsSeen(new MessageId(2, 1)));
    }

    [Fact]
    public void Beyond_its_bytes_the_oldest_go()
    {
        var count = (Limits.SeenBytesMax / Limits.MessageBytesMax) + 1;
        for (var number = 1; number <= count; number++)
        {
            _seen.Add(Message(origin: 1, (ulong)number, Limits.MessageBytesMax));
        }

        Assert.False(_seen.TryGet(new MessageId(1, 1), out _));
        Assert.True(_seen.TryGet(new MessageId(1, 2), out _));
    }

    [Fact]
    public void A_publisher_that_is_gone_is_forgotten()
    {
        for (var number = 1UL; number <= Limits.SeenMessagesMax + 1; number++)
        {
            _seen.Add(Message(origin: 1, number, bytes: 1));
        }

        _seen.ForgetOrigin(1);
        Assert.False(_seen.IsSeen(new MessageId(1, 1)));
        Assert.True(_seen.IsSeen(new MessageId(1, 2)));
    }

    private static TopicMessage Message(ulong origin, ulong number, int bytes) => new(new MessageId(origin, number), "t", default, new byte[bytes]);
}
