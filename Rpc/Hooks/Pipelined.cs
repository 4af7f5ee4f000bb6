using System.Runtime.InteropServices;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// The capabilities that were asked of one call before its results were there: one hook per path, so that calls
/// through the same path keep their order. Not safe for threads: the call that owns it locks.
/// </summary>
internal struct Pipelined
{
    private List<Entry>? _entries;

    /// <summary>How many there are.</summary>
    public readonly int Count => _entries?.Count ?? 0;

    /// <summary>The capability at a path, if it was asked for before. Borrowed.</summary>
    public readonly Capability? Find(PipelinePath path)
    {
        foreach (ref readonly var entry in CollectionsMarshal.AsSpan(_entries))
        {
            if (entry.Path.Matches(path))
            {
                return entry.Capability;
            }
        }

        return null;
    }

    /// <summary>Keeps the capability of a path until <see cref="TakeAll"/>.</summary>
    public void Add(PipelinePath path, ClientHook hook, Capability capability) =>
        (_entries ??= new List<Entry>(1)).Add(new Entry(path, hook as PromiseHook, capability));

    /// <summary>Copies what is here; the entries stay.</summary>
    public readonly Entry[] ToArray() => _entries is null ? [] : [.. _entries];

    /// <summary>Empties the list into <paramref name="taken"/>, for disposing under no lock; the list itself is kept for reuse.</summary>
    public readonly void TakeAll(ref List<Capability>? taken)
    {
        if (_entries is null or { Count: 0 })
        {
            return;
        }

        taken ??= new List<Capability>(_entries.Count);
        foreach (var entry in _entries)
        {
            taken.Add(entry.Capability);
        }

        _entries.Clear();
    }

    /// <summary>One capability that was asked for.</summary>
    /// <param name="Path">Where in the results.</param>
    /// <param name="Promise">Set while the call itself must settle it; the call then owns one count.</param>
    /// <param name="Capability">What was handed out.</param>
    internal readonly record struct Entry(PipelinePath Path, PromiseHook? Promise, Capability Capability)
    {
        /// <summary>Settles what was promised, unless that was done before.</summary>
        /// <param name="target">One count passes.</param>
        public void Settle(ClientHook target)
        {
            if (Promise is null)
            {
                target.Release();
            }
            else if (Promise.Settle(target))
            {
                Promise.Release();
            }
        }

        /// <summary>Whether the call must still settle it.</summary>
        public bool IsOpen => Promise is { IsUnsettled: true };
    }
}
