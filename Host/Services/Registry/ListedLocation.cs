using Wetware.Core;
using Wetware.Host.Services.Channels;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Registry;

/// <summary>Where a service is, as a provider said, and who the provider is. Counted by those that read it: one that was withdrawn meanwhile stays whole.</summary>
internal sealed class ListedLocation(HeldValue value, PeerId account)
{
    private int _readers = 1;

    /// <summary>What it takes of the memory of the node, about.</summary>
    public long Bytes => value.Bytes;

    /// <summary>Reads it once more. Only for who knows that it is there.</summary>
    public ListedLocation AddRef()
    {
        Interlocked.Increment(ref _readers);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            value.Dispose();
        }
    }

    /// <summary>Copies it into a message.</summary>
    public void Write(Provider.Builder wire, PeerId node)
    {
        wire.SetLocation(value.Content.Get<Location.Reader>());
        wire.SetNode(node.Bytes);
        wire.SetAccount(account.Bytes);
    }
}
