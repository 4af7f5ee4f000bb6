namespace Wetware.Raft;

/// <summary>What happens to one member. The first four have etcd/raft's names and numbers.</summary>
public enum ConfChangeType : byte
{
    /// <summary>Add a voter, or make a learner one.</summary>
    AddNode = 0,

    /// <summary>Remove a voter or learner.</summary>
    RemoveNode = 1,

    /// <summary>Nothing changes in the configuration; the entry tells the application something about a member.</summary>
    UpdateNode = 2,

    /// <summary>Add a learner, or make a voter one.</summary>
    AddLearnerNode = 3,

    /// <summary>Add a voter that stores no payloads and never leads. Beyond etcd/raft.</summary>
    AddWitnessNode = 4,
}
