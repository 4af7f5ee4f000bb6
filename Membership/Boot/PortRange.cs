using Wetware.Core;

namespace Wetware.Membership.Boot;

/// <summary>The ports from one to another, both included, each once, in an order that does not look like a scan.</summary>
public sealed class PortRange
{
    /// <summary>The first port that needs no privilege.</summary>
    public const int LowestUnprivileged = 1024;

    private const int Ports = 1 << 16;

    private readonly int _low;
    private readonly int _high;
    private readonly int _mask;
    private int _next;

    /// <summary>The range; zero and zero mean every port that needs no privilege.</summary>
    /// <exception cref="MembershipException">The range is empty or not of ports.</exception>
    public PortRange(int low, int high, ref Prng prng)
    {
        (_low, _high) = low == 0 && high == 0 ? (LowestUnprivileged, Ports - 1) : (low, high);
        if (_low is < 1 or >= Ports || _high < _low || _high >= Ports)
        {
            throw new MembershipException($"{low} to {high} is not a range of ports");
        }

        _mask = (int)prng.Below(Ports);
    }

    /// <summary>The next port; false if all have been given.</summary>
    public bool TryNext(out int port)
    {
        while (_next < Ports)
        {
            port = _next++ ^ _mask;
            if (port >= _low && port <= _high)
            {
                return true;
            }
        }

        port = 0;
        return false;
    }
}
