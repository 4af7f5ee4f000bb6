using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>A disembargo of the peer, on its way behind the calls that the peer sent before it.</summary>
/// <param name="link">Where the answer goes.</param>
/// <param name="embargoId">The peer's id.</param>
/// <param name="first">Where it started; borrowed until it has arrived, which it does before its starter lets go.</param>
internal sealed class DisembargoMark(IVatLink link, uint embargoId, ClientHook first) : IOrderMark
{
    // What the peer was told its promise became: the first thing of its own on the way. It may have moved on since, and
    // the calls with it, which is why the mark travels to the end before the answer leaves.
    private RemoteHook? _pointsBack = FirstOf(link, first);

    public void ComesBy(RemoteHook hook)
    {
        if (_pointsBack is null && ReferenceEquals(hook.Link, link))
        {
            _pointsBack = hook;
        }
    }

    public void Arrived(ClientHook hook) => link.Disembargoed(embargoId, _pointsBack);

    private static RemoteHook? FirstOf(IVatLink link, ClientHook start)
    {
        for (var hook = start; hook is not null; hook = hook.Resolution)
        {
            if (hook is RemoteHook remote && ReferenceEquals(remote.Link, link))
            {
                return remote;
            }
        }

        return null;
    }
}
