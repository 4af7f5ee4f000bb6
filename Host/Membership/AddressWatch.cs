using System.Net.NetworkInformation;
using Wetware.Core.Multiformats;

namespace Wetware.Host.Membership;

/// <summary>Notices when the addresses of the machine change: a lease that ran out, an interface that came up.</summary>
/// <param name="announced">What the node would announce now.</param>
/// <param name="changed">Told what it announces from now on.</param>
internal sealed class AddressWatch(Func<IReadOnlyList<Multiaddr>> announced, Action<IReadOnlyList<Multiaddr>> changed)
{
    private IReadOnlyList<Multiaddr> _last = announced();

    /// <summary>Compares with the last time.</summary>
    public void Look()
    {
        try
        {
            var now = announced();
            // A machine between two networks has no address for a moment; the old ones are then as good as none.
            if (now.Count > 0 && !now.SequenceEqual(_last))
            {
                _last = now;
                changed(now);
            }
        }
        catch (NetworkInformationException)
        {
            // The system does not say at the moment; it is asked again soon.
        }
    }
}
