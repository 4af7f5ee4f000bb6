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
    private const long Rate = 256;
    private const long Burst = 16;
    private const long LoopbackRate = 4_096;
    private const long LoopbackBurst = 512;

    private const ulong PauseMsMin = 1_000;

    private readonly BootTarget _target;
    private readonly IPEndPoint _endPoint;
    private readonly ulong _pauseMsMax;
    private Prng _prng;
    private TokenBucket _limit;
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
        var (rate, burst) = isLoopback ? (LoopbackRate, LoopbackBurst) : (Rate, Burst);
        _limit = new TokenBucket(rate, burst, TimeSpan.FromMilliseconds((long)now));
        var count = target.Kind == BootKind.Crawl
            ? 1UL << ((endPoint.Address.GetAddressBytes().Length * 8) - target.NetworkBits)
            : endPoint.Port == 0 ? IPEndPoint.MaxPort : 1UL;
        Begin();
        PassMs = count * 1_000 / (ulong)rate;
    }

    public override ulong PassMs { get; }

    protected override bool TryNext(ulong now, out BootQuestion question)
    {
        question = default;
        if (now < _nextPassAt || !_limit.TryTake(1, TimeSpan.FromMilliseconds((long)now)))
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
