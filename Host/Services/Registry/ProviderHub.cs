using System.Text;
using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Services.Channels;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Registry;

/// <summary>What one node lists. Safe for concurrent use.</summary>
internal sealed class ProviderHub
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ProviderTable<ListedLocation> _table = new(Limits.ProvidersMax);
    private long _bytes;

    public ProviderHub(TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
    }

    /// <summary>How many locations are listed, those included that ran out unnoticed.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _table.Count;
            }
        }
    }

    private long Now => (long)_time.GetElapsedTime(_started).TotalMilliseconds;

    /// <exception cref="RpcException">It is no name of a service.</exception>
    public static void Check(string service)
    {
        if (Encoding.UTF8.GetByteCount(service) is 0 or > Limits.ServiceBytesMax || service.Any(char.IsControl))
        {
            throw new RpcException($"the name of a service has 1 to {Limits.ServiceBytesMax} bytes and no control characters");
        }
    }

    /// <summary>Lists a location.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="RpcException">It is none, it is too large, or there is no room.</exception>
    public ulong Add(Location.Reader wire, uint ttl, PeerId account)
    {
        var service = Read(wire);
        Check(service);
        var location = new ListedLocation(HeldValue.From(wire.Raw, Limits.LocationBytesMax, "a location"), account);
        lock (_lock)
        {
            var now = Now;
            if (_bytes + location.Bytes <= Limits.ProvidersBytesMax && _table.TryAdd(service, location, Until(ttl, now), now, out var id))
            {
                _bytes += location.Bytes;
                DropExpired();
                return id;
            }

            DropExpired();
        }

        location.Release();
        throw new RpcException(RpcErrorType.Overloaded, $"the node lists {Limits.ProvidersMax} providers, or {Limits.ProvidersBytesMax} bytes of them, already");
    }

    /// <exception cref="RpcException">Its time is over.</exception>
    public void Renew(ulong id, uint ttl)
    {
        lock (_lock)
        {
            var now = Now;
            var isRenewed = _table.TryRenew(id, Until(ttl, now), now);
            DropExpired();
            if (!isRenewed)
            {
                throw new RpcException("the registration's time is over");
            }
        }
    }

    public void Remove(ulong id)
    {
        lock (_lock)
        {
            if (_table.TryRemove(id, out var location))
            {
                Drop(location);
            }
        }
    }

    /// <summary>What is listed for a service; the caller releases each.</summary>
    public ListedLocation[] List(string service)
    {
        Check(service);
        lock (_lock)
        {
            var found = _table.List(service, Now);
            DropExpired();
            foreach (var location in found)
            {
                location.AddRef();
            }

            return found;
        }
    }

    /// <summary>The service's name; whoever finds the location can read it all.</summary>
    private static string Read(Location.Reader wire)
    {
        try
        {
            var location = ServiceLocation.Read(wire);
            location.Capability?.Dispose();
            return location.Service;
        }
        catch (WetwareException malformed)
        {
            throw new RpcException(malformed.Message);
        }
    }

    private static long Until(uint ttl, long now) => ttl == 0 ? ProviderTable<ListedLocation>.Never : now + ttl;

    private void DropExpired()
    {
        while (_table.Expired.TryDequeue(out var location))
        {
            Drop(location);
        }
    }

    private void Drop(ListedLocation location)
    {
        _bytes -= location.Bytes;
        location.Release();
    }
}
