using Wetware.Core;

namespace Wetware.Client;

/// <summary>A channel is closed: nothing can be sent any more, or, for those who receive, nothing is left.</summary>
public sealed class RemoteChannelClosedException : WetwareException
{
    internal RemoteChannelClosedException(Exception inner)
        : base(inner.Message, inner)
    {
    }
}
