namespace Wetware.Fuzz.Raft;

/// <summary>Kinds of worlds. All but the first are made for what would rarely happen in one where everything is drawn.</summary>
internal enum World
{
    /// <summary>Everything is drawn.</summary>
    Any,

    /// <summary>Leaders remove themselves together with another voter, while the last they said is still on its way.</summary>
    Removals,

    /// <summary>Disks are far slower than the network, and loops take all that has arrived in one turn.</summary>
    SlowDisks,

    /// <summary>Two full voters and a witness, whose power fails often.</summary>
    Witness,

    /// <summary>Nodes are brought up by snapshots again and again, and from several leaders at once.</summary>
    Transfers,

    /// <summary>Nobody asks for anything, groups sleep, and machines are damaged or gone for good.</summary>
    Asleep,
}
