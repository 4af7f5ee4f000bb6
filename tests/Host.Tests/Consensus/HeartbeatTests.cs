namespace Wetware.Host.Tests.Consensus;

/// <summary>What the heartbeats of a node's groups cost on the wire.</summary>
public sealed class HeartbeatTests
{
    private const int Nodes = 3;
    private const int HeartbeatTicks = 5;
    private const int Intervals = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(512)]
    public void The_heartbeats_of_any_number_of_groups_are_one_request_per_peer_and_interval(int groups)
    {
        var cluster = Started(groups, group => 0);
        Assert.Equal(2 * (Nodes - 1) * Intervals, cluster.Requests); // Heartbeats, and the answers to them.
        Assert.Equal(2 * (Nodes - 1) * Intervals * groups, cluster.Messages);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(512)]
    public void Leaders_on_all_nodes_share_the_requests_too(int groups)
    {
        var cluster = Started(groups, group => group % Nodes);
        Assert.Equal(2 * Nodes * (Nodes - 1) * Intervals, cluster.Requests);
        Assert.Equal(2 * (Nodes - 1) * Intervals * groups, cluster.Messages);
    }

    // The leaders come to office at different ticks of the interval.
    private static LockstepCluster Started(int groups, Func<int, int> leaderOf)
    {
        var cluster = new LockstepCluster(Nodes, groups, HeartbeatTicks);
        for (var group = 0; group < groups; group++)
        {
            cluster.Elect(leaderOf(group), group);
            if (group < HeartbeatTicks)
            {
                cluster.Tick();
            }
        }

        while (cluster.Requests != 0)
        {
            cluster.Requests = 0;
            cluster.Tick();
        }

        (cluster.Requests, cluster.Messages) = (0, 0);
        for (var tick = 0; tick < Intervals * HeartbeatTicks; tick++)
        {
            cluster.Tick();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{groups} groups: {cluster.Requests / (double)Intervals} requests and {cluster.Messages / (double)Intervals} messages an interval");
        return cluster;
    }
}
