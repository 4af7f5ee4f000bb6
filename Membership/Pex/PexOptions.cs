namespace Wetware.Membership.Pex;

/// <summary>The sizes and times of the peer-sampling service. All members of a cluster should have the same; all times are in milliseconds.</summary>
public sealed record PexOptions
{
    /// <summary>What every member has unless told otherwise.</summary>
    public static PexOptions Default { get; } = new();

    /// <summary>How many records a node keeps.</summary>
    public int View { get; init; } = 32;

    /// <summary>So many records a node gives in an exchange beside its own, and they are the first to go when its view is too full: they were swapped, not copied.</summary>
    public int Swap { get; init; } = 10;

    /// <summary>The oldest so many records are not crowded out: they are the memory of whoever is out of reach, and not given away before others.</summary>
    public int Protect { get; init; } = 5;

    /// <summary>The chance, at each exchange that leaves the view too full, that the oldest record goes though it is protected.</summary>
    public double Decay { get; init; } = 0.005;

    /// <summary>A node begins an exchange at least this often; the time between two is drawn from half of it to all of it.</summary>
    public int IntervalMs { get; init; } = 20_000;

    /// <summary>How long an answer is awaited.</summary>
    public int TimeoutMs { get; init; } = 2_000;

    /// <summary>What was given and not answered is given again this often, until that time is over.</summary>
    public int RepeatMs { get; init; } = 500;

    /// <summary>A node that has lost everybody calls a few of those it remembers this often.</summary>
    public int AloneMs { get; init; } = 1_000;

    /// <summary>How many it calls each time.</summary>
    public int AloneCalls { get; init; } = 4;

    /// <summary>The most records that are taken in one exchange: half a view.</summary>
    public int ExchangeMax => View / 2;

    /// <summary>Throws if the sizes contradict each other.</summary>
    /// <exception cref="MembershipException">They do.</exception>
    public void Validate()
    {
        Require(View is >= 4 and <= 256, "View must be from 4 to 256");
        Require(Swap >= 0 && Swap < ExchangeMax, "Swap must be less than half of View");
        Require(Protect >= 0 && Protect < View, "Protect must be less than View");
        Require(Decay is >= 0 and < 1, "Decay must be a chance below 1");
        Require(RepeatMs > 0 && TimeoutMs >= RepeatMs && IntervalMs >= 8 * TimeoutMs, "RepeatMs <= TimeoutMs <= IntervalMs / 8 must hold");
        Require(AloneMs > 0 && AloneCalls > 0, "AloneMs and AloneCalls must be positive");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new MembershipException("peer exchange: " + message);
        }
    }
}
