using System.Buffers;
using Wetware.Core;

namespace Wetware.Rpc.Transport;

/// <summary>The bytes of one received message, segment table included. Pooled. Its owner releases it once.</summary>
internal sealed class Frame
{
    private static readonly ObjectPool<Frame> s_pool = new(Limits.PooledObjectsMax);

    /// <summary>Memory that is at least <see cref="Length"/> long.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>Bytes of the message.</summary>
    public int Length { get; private set; }

    /// <summary>A frame of undefined content.</summary>
    public static Frame Rent(int length)
    {
        var frame = s_pool.TryRent() ?? new Frame();
        Invariant.Check(frame.Length == 0);
        // A small frame keeps its array from use to use; a large one shares the pool with everybody else's.
        if (frame.Bytes.Length < length)
        {
            frame.Bytes = length <= Limits.FrameBytesKept ? new byte[Limits.FrameBytesKept] : ArrayPool<byte>.Shared.Rent(length);
        }

        frame.Length = length;
        return frame;
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        Invariant.Check(Length > 0);
        Length = 0;
        if (Bytes.Length > Limits.FrameBytesKept)
        {
            ArrayPool<byte>.Shared.Return(Bytes);
            Bytes = [];
        }

        s_pool.Return(this);
    }
}
