namespace Wetware.Membership.Wire;

/// <summary>What is sealed in a frame, and not opened yet: slices of the frame.</summary>
internal sealed class SealedParts
{
    internal List<ReadOnlyMemory<byte>> Records { get; } = [];

    internal List<ReadOnlyMemory<byte>> Messages { get; } = [];

    /// <summary>One for each sample; empty where only its digest was sent.</summary>
    internal List<ReadOnlyMemory<byte>> Samples { get; } = [];

    internal void Clear()
    {
        Records.Clear();
        Messages.Clear();
        Samples.Clear();
    }
}
