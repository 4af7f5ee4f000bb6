using Wetware.Core;

namespace Wetware.Protocol.Queues;

/// <summary>Carries out commands on the replicated queues, each exactly once. Safe for concurrent use.</summary>
public interface IQueueSession
{
    /// <summary>Replicates a command and returns the machine's reply. Gives it its time and, where retries must not count twice, its session.</summary>
    /// <exception cref="WetwareException">The queues could not be reached for so long that this gave up; the reason says whether the command may have taken effect.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the command may or may not take effect.</exception>
    ValueTask<QueueReply> ExecuteAsync(QueueCommand command, CancellationToken cancellationToken);
}
