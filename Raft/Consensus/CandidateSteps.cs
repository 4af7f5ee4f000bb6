namespace Wetware.Raft.Consensus;

/// <summary>What candidates and pre-candidates do with a message of their own term.</summary>
internal static class CandidateSteps
{
    public static StepResult Step(RaftCore core, in Message message)
    {
        switch (message.Type)
        {
            case MessageType.MsgProp:
                return StepResult.ProposalDropped;
            case MessageType.MsgApp:
            case MessageType.MsgHeartbeat:
            case MessageType.MsgSnap:
                // Somebody else has won this term.
                core.BecomeFollower(message.Term, message.From);
                return FollowerSteps.Step(core, message);
            case MessageType.MsgPreVoteResp when core.Role == Role.PreCandidate:
            case MessageType.MsgVoteResp when core.Role == Role.Candidate:
                Elections.HandleResponse(core, message);
                return StepResult.Ok;
            default:
                return StepResult.Ok;
        }
    }
}
