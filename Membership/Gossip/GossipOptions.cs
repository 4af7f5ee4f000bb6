using Wetware.Core;
using Wetware.Membership.Pex;

namespace Wetware.Membership.Gossip;

/// <summary>The times and sizes of the membership protocol. All members of a cluster should have the same; all times are in milliseconds.</summary>
public sealed record GossipOptions
{
    /// <summary>What every member has unless told otherwise.</summary>
    public static GossipOptions Default { get; } = new();

    /// <summary>How often the node is ticked. Only a bound on how exact the other times are.</summary>
    public int TickMs { get; init; } = 50;

    /// <summary>In how many rings each member has a place: so many observe it, and twice as many are its neighbours.</summary>
    public int Rings { get; init; } = 3;

    /// <summary>A member probes one of its subjects every so often; each subject is probed by each of its observers once in <see cref="Rings"/> times this.</summary>
    public int ProbeMs { get; init; } = 667;

    /// <summary>Every so many probes, one goes to a random member instead of a subject, so that a wrong view cannot hide anybody.</summary>
    public int RandomProbeEvery { get; init; } = 12;

    /// <summary>A probe that is not answered for so long raises a doubt.</summary>
    public int AckMs { get; init; } = 350;

    /// <summary>While in doubt, a member is probed again, directly and through others, every so often.</summary>
    public int DoubtProbeMs { get; init; } = 250;

    /// <summary>Through how many others a member in doubt is probed each time.</summary>
    public int DoubtRelays { get; init; } = 2;

    /// <summary>A doubt of this age is told to the subject's other observers.</summary>
    public int AlertMs { get; init; } = 700;

    /// <summary>A doubt of this age that all observers share is a death.</summary>
    public int UnanimousMs { get; init; } = 1_800;

    /// <summary>A doubt of this age that two observers share is a death.</summary>
    public int MajorityMs { get; init; } = 2_400;

    /// <summary>A doubt of this age that nobody contradicts is a death, even of one observer alone.</summary>
    public int AloneMs { get; init; } = 6_000;

    /// <summary>A death that is only hearsay (found by comparing views) is believed after the member was probed in vain for so long.</summary>
    public int VerifyMs { get; init; } = 1_500;

    /// <summary>A tick that comes so late means that this node was stopped, and everything it was waiting for gets that much more time.</summary>
    public int PauseMs { get; init; } = 500;

    /// <summary>A node that has heard from nobody for so long does not accuse anybody.</summary>
    public int ContactMs { get; init; } = 1_500;

    /// <summary>A record that was announced but did not come is asked for after so long.</summary>
    public int GraftMs { get; init; } = 100;

    /// <summary>Digests are held back so long, in case the record itself comes another way.</summary>
    public int LazyMs { get; init; } = 50;

    /// <summary>Views are compared part by part when they differ and this one has been at rest for so long.</summary>
    public int SettleMs { get; init; } = 1_000;

    /// <summary>Views that differ are compared at most this often.</summary>
    public int SyncMs { get; init; } = 1_000;

    /// <summary>A node is young for so long after its record was sealed: it compares views ten times as eagerly, and introduces itself.</summary>
    public int YoungMs { get; init; } = 5_000;

    /// <summary>Views that differ are compared at least this often, even if this one never rests.</summary>
    public int SyncAnywayMs { get; init; } = 8_000;

    /// <summary>How long a dead member is remembered: so long its old records are not believed, and it is looked for.</summary>
    public int TombstoneMs { get; init; } = 600_000;

    /// <summary>How many dead members are remembered.</summary>
    public int TombstonesMax { get; init; } = 4_096;

    /// <summary>A dead member is looked for at least this often at first, and less and less often with time.</summary>
    public int SeekMs { get; init; } = 2_000;

    /// <summary>A node that knows nobody calls its seeds this often; doubles up to <see cref="SeedMsMax"/>.</summary>
    public int SeedMs { get; init; } = 250;

    /// <summary>A node calls a seed that is not in its view this often, for ever: that is how parts that never met do.</summary>
    public int SeedMsMax { get; init; } = 15_000;

    /// <summary>How many records a page of a view has.</summary>
    public int PageRecords { get; init; } = 64;

    /// <summary>A frame is closed when it is about this long, in bytes, so that it fits a datagram; pages of a view are longer.</summary>
    public int FrameBytes { get; init; } = 1_200;

    /// <summary>Of the sample of peers that the node keeps.</summary>
    public PexOptions Pex { get; init; } = PexOptions.Default;

    /// <summary>Throws if the times contradict each other.</summary>
    /// <exception cref="MembershipException">They do.</exception>
    public void Validate()
    {
        Require(TickMs is > 0 and <= 250, "TickMs must be from 1 to 250");
        Require(Rings is > 0 and <= 8, "Rings must be from 1 to 8");
        Require(ProbeMs >= TickMs && AckMs >= TickMs, "ProbeMs and AckMs must be at least TickMs");
        Require(AckMs < AlertMs && AlertMs < UnanimousMs, "AckMs < AlertMs < UnanimousMs must hold");
        Require(UnanimousMs <= MajorityMs && MajorityMs <= AloneMs, "UnanimousMs <= MajorityMs <= AloneMs must hold");
        Require(PauseMs > 2 * TickMs, "PauseMs must be more than two ticks");
        Require(PageRecords is > 0 and <= 256, "PageRecords must be from 1 to 256");
        Pex.Validate();
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new MembershipException(message);
        }
    }
}
