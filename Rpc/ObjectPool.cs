using Wetware.Core;

namespace Wetware.Rpc;

/// <summary>A bounded pool of objects of one type, for any thread. What does not fit is left to the collector.</summary>
internal sealed class ObjectPool<T>(int countMax)
    where T : class
{
    private readonly Lock _gate = new();
    private T?[] _free = new T?[Math.Min(16, countMax)];
    private int _count;

    /// <summary>An object that was returned, or null.</summary>
    public T? TryRent()
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return null;
            }

            var item = _free[--_count];
            _free[_count] = null;
            return item;
        }
    }

    /// <summary>Keeps an object for reuse. Nobody else may hold it.</summary>
    public void Return(T item)
    {
        lock (_gate)
        {
            if (_count == countMax)
            {
                return;
            }

            if (_count == _free.Length)
            {
                Array.Resize(ref _free, Math.Min(countMax, _free.Length * 2));
            }

            Invariant.Check(_free[_count] is null);
            _free[_count++] = item;
        }
    }
}
