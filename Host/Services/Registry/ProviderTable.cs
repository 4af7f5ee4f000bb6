using System.Diagnostics.CodeAnalysis;
using Wetware.Core;

namespace Wetware.Host.Services.Registry;

/// <summary>
/// Who provides what, until when. An entry is listed while its time lasts; what has run out goes when it is next looked at, or when room is needed. Time is in
/// milliseconds and never goes back. Not safe for concurrent use.
/// </summary>
/// <param name="entriesMax">How many entries there may be.</param>
internal sealed class ProviderTable<T>(int entriesMax)
{
    /// <summary>The end of what has none.</summary>
    public const long Never = long.MaxValue;

    private readonly Dictionary<string, SortedDictionary<ulong, Entry>> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, string> _names = [];
    private ulong _last;

    /// <summary>How many entries there are, those included that have run out and were not looked at since.</summary>
    public int Count => _names.Count;

    /// <summary>What has run out; the caller takes it off.</summary>
    public Queue<T> Expired { get; } = new();

    /// <summary>Lists an entry.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryAdd(string service, T value, long until, long now, out ulong id)
    {
        if (Count >= entriesMax)
        {
            foreach (var name in _services.Keys.ToArray())
            {
                Expire(name, now);
            }
        }

        id = 0;
        if (Count >= entriesMax)
        {
            return false;
        }

        id = ++_last;
        if (!_services.TryGetValue(service, out var entries))
        {
            _services.Add(service, entries = []);
        }

        entries.Add(id, new Entry(value, until));
        _names.Add(id, service);
        return true;
    }

    /// <summary>Gives an entry another end.</summary>
    /// <returns>False if its time is over already.</returns>
    public bool TryRenew(ulong id, long until, long now)
    {
        if (!_names.TryGetValue(id, out var service))
        {
            return false;
        }

        Expire(service, now);
        if (!_names.ContainsKey(id))
        {
            return false;
        }

        var entries = _services[service];
        entries[id] = entries[id] with { Until = until };
        return true;
    }

    /// <summary>Takes an entry off the list.</summary>
    /// <returns>False if its time was over already.</returns>
    public bool TryRemove(ulong id, [MaybeNullWhen(false)] out T value)
    {
        if (!_names.Remove(id, out var service))
        {
            value = default;
            return false;
        }

        var entries = _services[service];
        value = entries[id].Value;
        entries.Remove(id);
        if (entries.Count == 0)
        {
            _services.Remove(service);
        }

        return true;
    }

    /// <summary>What is listed for a service, in the order in which it came.</summary>
    public T[] List(string service, long now)
    {
        Expire(service, now);
        return _services.TryGetValue(service, out var entries) ? [.. entries.Values.Select(entry => entry.Value)] : [];
    }

    private void Expire(string service, long now)
    {
        if (!_services.TryGetValue(service, out var entries))
        {
            return;
        }

        foreach (var (id, _) in entries.Where(pair => pair.Value.Until <= now).ToArray())
        {
            Invariant.Check(TryRemove(id, out var value));
            Expired.Enqueue(value!);
        }
    }

    private readonly record struct Entry(T Value, long Until);
}
