using System.Buffers.Binary;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol;
using Wetware.Raft;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// One client of one group: asks one thing after the other, of whoever it believes to lead, and asks again where that is safe. What it
/// is told goes to the workload.
/// </summary>
internal sealed class SimClient(Simulation world, int id, int group, IWorkload workload, long pauseMicrosMean)
{
    private const long PatienceMilliseconds = 3_000;
    private const long RetryMicros = 50_000;

    private ClientRequest _request;
    private SimNode? _asked;
    private Proposal? _proposal;
    private LinearRead? _read;
    private ulong _visibleWhenAsked;
    private byte[] _answer = [];
    private LogIndex _answeredAt;
    private int _guess;

    public bool IsIdle { get; private set; } = true;

    /// <summary>Asks for the next thing after a pause.</summary>
    public void Rest() => world.Agenda.After(world.IsHealing ? Math.Min(pauseMicrosMean, 100_000) : pauseMicrosMean, Next);

    /// <summary>Looks whether the node that was asked has answered; after every turn of it.</summary>
    public void Poll()
    {
        if (_proposal is { IsDone: true } proposal)
        {
            _proposal = null;
            Hear(proposal.Outcome);
        }
        else if (_read is { Done.IsCompleted: true } read)
        {
            _read = null;
            if (read.Done.IsCompletedSuccessfully)
            {
                world.Members(group)[_asked!.Index].Oracle.ReadAnswered(_request.Number, read.Index, _answeredAt, _visibleWhenAsked);
                Finish(_answeredAt, _answer);
            }
            else
            {
                // Nobody minds a read twice; the exception is looked at, so that nobody reports it as lost.
                _ = read.Done.Exception;
                TryAgain();
            }
        }
    }

    /// <summary>The node that was asked has died.</summary>
    public void Lose()
    {
        if (_proposal is not null)
        {
            _proposal = null;
            Hear(Outcome.Unknown("the node died"));
        }
        else if (_read is not null)
        {
            _read = null;
            TryAgain();
        }
    }

    private void Next()
    {
        if (!workload.TryBegin(id, world.Agenda.Now, out _request))
        {
            if (!workload.IsDone)
            {
                Rest();
            }

            return;
        }

        IsIdle = false;
        if (_request.IsQuery && world.Agenda.Random.Chance(0.5))
        {
            // Any member answers reads; who has just come to lead is the most likely to be wrong.
            _guess = (int)world.Agenda.Random.Below((ulong)world.Nodes.Length);
        }

        Ask();
    }

    private void Ask()
    {
        var node = world.Nodes[_guess];
        if (!node.CanBeAsked(group))
        {
            TryAgain();
            return;
        }

        _asked = node;
        node.Waiting.Add(this);
        var now = node.Milliseconds;
        var groupId = new GroupId((ulong)group + 1);
        if (_request.IsQuery)
        {
            var member = world.Members(group)[node.Index];
            _visibleWhenAsked = member.Oracle.Visible;
            _read = new LinearRead(now + PatienceMilliseconds) { OnLoop = () => (_answer, _answeredAt) = (member.Query(_request.Payload), member.Applied) };
            node.Turn(new RaftEvent(RaftEventKind.Read, groupId) { Subject = _read });
        }
        else
        {
            var header = new EntryHeader(node.Process, node.NextProposal());
            var payload = new byte[EntryHeader.Bytes + sizeof(ulong) + _request.Payload.Length];
            header.Write(payload);
            BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(EntryHeader.Bytes), _request.Number);
            _request.Payload.CopyTo(payload, EntryHeader.Bytes + sizeof(ulong));
            _proposal = new Proposal(payload, header, now + PatienceMilliseconds);
            node.Turn(new RaftEvent(RaftEventKind.Proposal, groupId) { Subject = _proposal });
        }
    }

    private void Hear(Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Committed:
                Finish(outcome.Index, outcome.Reply.Span);
                break;
            case OutcomeKind.Dropped:
                TryAgain();
                break;
            default:
                if (workload.HasSessions)
                {
                    TryAgain();
                }
                else
                {
                    workload.Abandon(_request.Number);
                    Free();
                }

                break;
        }
    }

    private void Finish(LogIndex index, ReadOnlySpan<byte> reply)
    {
        workload.Answer(_request.Number, index, reply);
        Free();
    }

    private void Free()
    {
        _asked!.Waiting.Remove(this);
        IsIdle = true;
        Rest();
    }

    private void TryAgain()
    {
        _asked?.Waiting.Remove(this);
        _asked = null;
        var leader = Array.FindIndex(world.Members(group), member => member.IsUp && member.Raft.SoftState.Role == Role.Leader);
        var isRead = _request.IsQuery && world.Agenda.Random.Chance(0.5);
        _guess = leader >= 0 && !isRead ? leader : (int)world.Agenda.Random.Below((ulong)world.Nodes.Length);
        world.Agenda.After(RetryMicros, Ask);
    }
}
