using System.Security.Cryptography;

namespace Wetware.Wasm;

/// <summary>
/// Compiled modules by content: the same bytes are compiled once, also when several threads ask at the same time. The least recently
/// used are dropped beyond a budget of bytes; an instance keeps its own module alive beyond that. Usable from all threads.
/// </summary>
public sealed class ModuleCache
{
    private readonly long _bytesMax;
    private readonly CompileOptions _options;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = [];
    private long _bytes;
    private long _compilations;

    /// <param name="bytesMax">What <see cref="CompiledModule.SizeBytes"/> of the kept modules may add up to.</param>
    /// <param name="options">How modules are compiled.</param>
    public ModuleCache(long bytesMax, CompileOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesMax);
        _bytesMax = bytesMax;
        _options = options ?? CompileOptions.Default;
    }

    /// <summary>The bytes of the modules that are kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>How many times a module was compiled.</summary>
    public long Compilations => Volatile.Read(ref _compilations);

    /// <summary>The compiled module of these bytes, identified by their SHA-256. The bytes must not change while the module lives.</summary>
    /// <exception cref="ModuleException">The module is refused; refusals are not kept.</exception>
    public CompiledModule Get(ReadOnlyMemory<byte> bytes) => Get(Convert.ToHexString(SHA256.HashData(bytes.Span)), bytes);

    /// <summary>As <see cref="Get(ReadOnlyMemory{byte})"/>, for a caller that already has an identifier of the content, such as a CID. Invariant: equal identifiers mean equal bytes.</summary>
    public CompiledModule Get(string contentId, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(contentId);
        LinkedListNode<Entry> node;
        lock (_lock)
        {
            if (_entries.TryGetValue(contentId, out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                node = known;
            }
            else
            {
                node = _byUse.AddFirst(new Entry(contentId, new Lazy<CompiledModule>(() => Compile(bytes))));
                _entries.Add(contentId, node);
            }
        }

        try
        {
            var module = node.Value.Module.Value;
            Account(node);
            return module;
        }
        catch (ModuleException)
        {
            Forget(node);
            throw;
        }
    }

    private CompiledModule Compile(ReadOnlyMemory<byte> bytes)
    {
        Interlocked.Increment(ref _compilations);
        return CompiledModule.Compile(bytes, _options);
    }

    private void Account(LinkedListNode<Entry> node)
    {
        lock (_lock)
        {
            if (!node.Value.IsCounted && node.List is not null)
            {
                node.Value.IsCounted = true;
                _bytes += node.Value.Module.Value.SizeBytes;
            }

            for (var last = _byUse.Last; _bytes > _bytesMax && last is not null;)
            {
                var before = last.Previous;
                if (last.Value.IsCounted)
                {
                    Drop(last);
                }

                last = before;
            }
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        lock (_lock)
        {
            if (node.List is not null)
            {
                Drop(node);
            }
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.ContentId);
        if (node.Value.IsCounted)
        {
            _bytes -= node.Value.Module.Value.SizeBytes;
        }
    }

    private sealed class Entry(string contentId, Lazy<CompiledModule> module)
    {
        public string ContentId { get; } = contentId;

        public Lazy<CompiledModule> Module { get; } = module;

        /// <summary>Whether its bytes are in the sum: they are known only once it is compiled.</summary>
        public bool IsCounted { get; set; }
    }
}
