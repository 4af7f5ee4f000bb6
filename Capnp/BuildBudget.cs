using Wetware.Core;

namespace Wetware.Capnp;

/// <summary>
/// Bounds the memory that several messages under construction take together, beyond the first segment of each. Safe for concurrent use.
/// </summary>
/// <param name="bytesMax">How much that may be.</param>
public sealed class BuildBudget(long bytesMax)
{
    private long _bytes;

    /// <summary>What is taken now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Takes some of it.</summary>
    /// <exception cref="BuildBudgetException">There is not so much left.</exception>
    internal void Take(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) > bytesMax)
        {
            Give(bytes);
            throw new BuildBudgetException($"the messages under construction would take more than {bytesMax} bytes");
        }
    }

    /// <summary>Gives some of it back.</summary>
    internal void Give(long bytes)
    {
        var left = Interlocked.Add(ref _bytes, -bytes);
        Invariant.Check(left >= 0);
    }
}
