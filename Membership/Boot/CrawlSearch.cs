using System.Net;
using Wetware.Core;

namespace Wetware.Membership.Boot;

/// <summary>
/// Asks every address of a network, every port of an address (port 0 of a target), or one address and port; when it is through, again
/// after a pause that grows, for datagrams may be lost and peers may come. It sends at a steady rate that no network takes for an attack;
/// on the loopback interface there is nobody to disturb, and it is faster.
/// </summary>
internal sealed class CrawlSearch : BootSearch
{
    /// <summary>Requests per second, and at once.</summary>
    private const double Rate = 256;
    private const double Burst = 16;
    private const double LoopbackRate = 4_096;
    private const double LoopbackBurst = 512;

    private const ulong PauseMsMin = 1_000;

    private readonly BootTarget _target;
    private readonly IPEndPoint _endPoint;
    private readonly ulong _pauseMsMax;
    private Prng _prng;
    private RateLimit _limit;
    private AddressRange? _addresses;
    private PortRange? _ports;
    private bool _isAsked;
    private ulong _pause = PauseMsMin;
    private ulong _nextPassAt;

    public CrawlSearch(BootTarget target, IPEndPoint endPoint, ulong seed, ulong now, ulong pauseMsMax)
    {
        _target = target;
        _endPoint = endPoint;
        _pauseMsMax = pauseMsMax;
        _prng = new Prng(seed);
        var isLoopback = IPAddress.IsLoopback(endPoint.Address);
        _limit = isLoopback ? new RateLimit(LoopbackRate, LoopbackBurst, now) : new RateLimit(Rate, Burst, now);
        var count = target.Kind == BootKind.Crawl
            ? 1UL << ((endPoint.Address.GetAddressBytes().Length * 8) - target.NetworkBits)
            : endPoint.Port == 0 ? IPEndPoint.MaxPort : 1UL;
        Begin();
        PassMs = (ulong)(count * 1_000 / (isLoopback ? LoopbackRate : Rate));
    }

    public override ulong PassMs { get; }

    protected override bool TryNext(ulong now, out BootQuestion question)
    {
        question = default;
        if (now < _nextPassAt || !_limit.TryTake(now))
        {
            return false;
        }

        if (TryEndPoint(out var to))
        {
            question = new BootQuestion(BootPacketKind.Request, 0, to);
            return true;
        }

        _nextPassAt = now + _pause;
        _pause = Math.Min(_pause * 2, _pauseMsMax);
        Begin();
        return false;
    }

    private void Begin()
    {
        _isAsked = false;
        if (_target.Kind == BootKind.Crawl)
        {
            _addresses = new AddressRange(_endPoint.Address, _target.NetworkBits, ref _prng);
        }
        else if (_endPoint.Port == 0)
        {
            _ports = new PortRange(0, 0, ref _prng);
        }
    }

    private bool TryEndPoint(out IPEndPoint to)
    {
        to = _endPoint;
        if (_addresses is not null)
        {
            if (!_addresses.TryNext(out var address))
            {
                return false;
            }

            to = new IPEndPoint(address, _endPoint.Port);
            return true;
        }

        if (_ports is not null)
        {
            if (!_ports.TryNext(out var port))
            {
                return false;
            }

            to = new IPEndPoint(_endPoint.Address, port);
            return true;
        }

        var isFirst = !_isAsked;
        _isAsked = true;
        return isFirst;
    }
}
