using Wetware.Capnp;
using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>Carries out the operations of a command in two passes: what is checked first as a whole is then done as a whole.</summary>
/// <param name="state">What they change.</param>
/// <param name="reply">Gets the outcomes.</param>
/// <param name="incoming">The message that operations are read from.</param>
internal sealed class TransactHandler(QueueState state, ReplyWriter reply, MessageReader incoming)
{
    private readonly Transaction _transaction = new(state);

    /// <summary>Carries out all of a command's operations, or none and says which cannot be.</summary>
    public void Transact(OperationsReader operations)
    {
        var status = CheckAll(operations, out var failed);
        if (status != QueueStatus.Ok)
        {
            reply.Status(status, failed, state.Clock);
            return;
        }

        // The second pass reads no more than the first did, so that it cannot run into a limit of the message half-way.
        incoming.ResetBudget();
        reply.BeginOutcomes(operations.Count, state.Clock);
        for (var i = 0; i < operations.Count; i++)
        {
            var outcome = Perform(operations[i], out var offset);
            reply.Outcome(i, outcome, offset);
        }

        reply.Finish();
    }

    private QueueStatus CheckAll(OperationsReader operations, out int failed)
    {
        failed = 0;
        if (operations.Count > QueueLimits.OperationsMax)
        {
            return QueueStatus.Malformed;
        }

        incoming.ResetBudget();
        _transaction.Begin();
        try
        {
            for (; failed < operations.Count; failed++)
            {
                var status = Check(operations[failed]);
                if (status != QueueStatus.Ok)
                {
                    return status;
                }
            }
        }
        catch (DecodeException)
        {
            return QueueStatus.Malformed;
        }

        failed = 0;
        return _transaction.CheckRoom();
    }

    private QueueStatus Check(in OperationReader operation) => operation.Kind switch
    {
        OperationKind.Enqueue => _transaction.CheckEnqueue(
            operation.Topic, operation.HasKey, operation.Key, operation.Payload.Length, operation.Milliseconds),
        OperationKind.Ack => _transaction.CheckAck(operation.Topic, operation.Token),
        OperationKind.Nack => _transaction.CheckKeep(operation.Topic, operation.Token, operation.Milliseconds),
        OperationKind.Extend => operation.Milliseconds == 0
            ? QueueStatus.Malformed
            : _transaction.CheckKeep(operation.Topic, operation.Token, operation.Milliseconds),
        OperationKind.Revive => _transaction.CheckDead(operation.Topic, operation.Token.Offset, leaves: false),
        OperationKind.Drop => _transaction.CheckDead(operation.Topic, operation.Token.Offset, leaves: true),
        _ => QueueStatus.Malformed,
    };

    private OperationOutcome Perform(in OperationReader operation, out ulong offset)
    {
        offset = 0;
        switch (operation.Kind)
        {
            case OperationKind.Enqueue:
                return _transaction.Enqueue(operation.Topic, operation.Payload, operation.Milliseconds, out offset);
            case OperationKind.Ack:
                _transaction.Ack(operation.Topic, operation.Token);
                break;
            case OperationKind.Nack:
                _transaction.Nack(operation.Topic, operation.Token, operation.Milliseconds, operation.GivesBack);
                break;
            case OperationKind.Extend:
                _transaction.Extend(operation.Topic, operation.Token, operation.Milliseconds);
                break;
            case OperationKind.Revive:
                _transaction.Revive(operation.Topic, operation.Token.Offset);
                break;
            default:
                Invariant.Check(operation.Kind == OperationKind.Drop);
                _transaction.Drop(operation.Topic, operation.Token.Offset);
                break;
        }

        return OperationOutcome.Done;
    }
}
