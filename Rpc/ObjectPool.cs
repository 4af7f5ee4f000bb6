namespace Wetware.Rpc;

/// <summary>
/// A bounded pool of objects of one type, for any thread. Each thread keeps a few of its own, which cost no lock, and
/// exchanges half of them at a time with the shared ones. Objects beyond the bound are left to the garbage collector. Invariant: there is
/// one pool per type, since the threads' own objects belong to the type.
/// </summary>
internal sealed class ObjectPool<T>(int countMax)
    where T : class
{
    private const int OwnMax = 32;

    [ThreadStatic]
    private static Own? t_own;

    private readonly Lock _gate = new();
    private T?[] _shared = new T?[Math.Min(OwnMax, countMax)];
    private int _count;

    /// <summary>An object that was returned, or null.</summary>
    public T? TryRent()
    {
        var own = t_own ??= new Own();
        if (own.Count == 0)
        {
            Refill(own);
        }

        return own.TryTake();
    }

    /// <summary>Keeps an object for reuse. Nobody else may hold it.</summary>
    public void Return(T item)
    {
        var own = t_own ??= new Own();
        if (own.Count == OwnMax)
        {
            Spill(own);
        }

        own.Add(item);
    }

    private void Refill(Own own)
    {
        if (Volatile.Read(ref _count) == 0)
        {
            return;
        }

        lock (_gate)
        {
            while (_count > 0 && own.Count < OwnMax / 2)
            {
                own.Add(_shared[--_count]!);
                _shared[_count] = null;
            }
        }
    }

    private void Spill(Own own)
    {
        lock (_gate)
        {
            if (_shared.Length < countMax && _shared.Length - _count < OwnMax)
            {
                Array.Resize(ref _shared, Math.Min(countMax, _shared.Length * 2));
            }

            while (own.Count > OwnMax / 2)
            {
                var item = own.TryTake();
                if (_count < _shared.Length)
                {
                    _shared[_count++] = item;
                }
            }
        }
    }

    /// <summary>What one thread keeps.</summary>
    private sealed class Own
    {
        private readonly T?[] _items = new T?[OwnMax];

        public int Count { get; private set; }

        public void Add(T item) => _items[Count++] = item;

        public T? TryTake()
        {
            if (Count == 0)
            {
                return null;
            }

            var item = _items[--Count];
            _items[Count] = null;
            return item;
        }
    }
}
