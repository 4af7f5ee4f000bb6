using Wetware.Core.Multiformats;
using Wetware.Host.Membership;

namespace Wetware.Host.Tests.Membership;

public class AddressWatchTests
{
    [Fact]
    public void A_change_is_told_once_and_having_no_address_for_a_moment_is_none()
    {
        IReadOnlyList<Multiaddr> announced = [Multiaddr.Parse("/ip4/10.0.0.1/tcp/2020")];
        var told = new List<string>();
        var watch = new AddressWatch(() => announced, addresses => told.Add(string.Join(' ', addresses)));
        watch.Look();
        announced = [];
        watch.Look();
        Assert.Empty(told);
        announced = [Multiaddr.Parse("/ip4/10.0.0.9/tcp/2020")];
        watch.Look();
        watch.Look();
        Assert.Equal(["/ip4/10.0.0.9/tcp/2020"], told);
    }
}
