using Wetware.Rpc;

namespace Wetware.Host.Services.Channels;

/// <summary>What all channels of a node take together. Safe for concurrent use.</summary>
internal sealed class ChannelHub
{
    private int _count;
    private long _bytes;

    /// <summary>How many channels there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes of the values in them, of those that wait too.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Makes a channel; it counts until it is disposed of.</summary>
    /// <exception cref="RpcException">There are too many, or such a channel cannot be.</exception>
    public LiveChannel Make(uint items, ulong bytes)
    {
        if (items > Limits.ChannelItemsMax)
        {
            throw new RpcException($"a channel buffers at most {Limits.ChannelItemsMax} values");
        }

        if (bytes > Limits.ChannelBytesMax)
        {
            throw new RpcException($"a channel buffers at most {Limits.ChannelBytesMax} bytes");
        }

        if (Interlocked.Increment(ref _count) > Limits.ChannelsMax)
        {
            Interlocked.Decrement(ref _count);
            throw new RpcException(RpcErrorType.Overloaded, $"the node has {Limits.ChannelsMax} channels already");
        }

        return new LiveChannel(this, (int)items, bytes == 0 ? Limits.ChannelBytesMax : (long)bytes);
    }

    /// <summary>Counts the bytes of a value in.</summary>
    /// <exception cref="RpcException">There would be too many.</exception>
    internal void Add(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) > Limits.ChannelsBytesMax)
        {
            Remove(bytes);
            throw new RpcException(RpcErrorType.Overloaded, $"the channels of the node hold {Limits.ChannelsBytesMax} bytes already");
        }
    }

    internal void Remove(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    internal void Remove() => Interlocked.Decrement(ref _count);
}
