namespace Wetware.Host.Membership;

/// <summary>A message of a topic on its way to the membership loop.</summary>
/// <param name="Topic">Of which topic.</param>
/// <param name="Data">The message.</param>
internal sealed record Publication(string Topic, ReadOnlyMemory<byte> Data)
{
    /// <summary>Completes when the loop has sent it.</summary>
    public TaskCompletionSource Sent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
