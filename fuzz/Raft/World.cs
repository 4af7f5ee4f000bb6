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

    /// <summary>Two full voters and a witness, whose power fails often; one of the two goes for good, and the other must get on with the witness.</summary>
    Witness,

    /// <summary>Nodes are brought up by snapshots again and again, and from several leaders at once.</summary>
    Transfers,

    /// <summary>Nobody asks for anything, groups sleep, and machines are damaged or gone for good.</summary>
    Asleep,

    /// <summary>Two full voters and a witness whose disks are so slow that the power mostly fails before what a node has just promised or said is on its disk.</summary>
    Power,

    /// <summary>Logs are long, written in large batches and never compacted; sectors rot in them, and the power fails while they are written.</summary>
    Rot,
}
