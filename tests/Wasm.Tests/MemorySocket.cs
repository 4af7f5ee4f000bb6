using Wetware.Wasm.Wasi;

namespace Wetware.Wasm.Tests;

/// <summary>A guest's socket over two bounded buffers in memory.</summary>
internal sealed class MemorySocket(int capacity) : IGuestSocket, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<byte> _toGuest = [];
    private readonly Queue<byte> _fromGuest = [];
    private readonly SemaphoreSlim _subscribed = new(0);
    private readonly SemaphoreSlim _written = new(0);
    private Action? _changed;
    private bool _ended;

    public event Action? Changed
    {
        add
        {
            _changed += value;
            _subscribed.Release();
        }

        remove => _changed -= value;
    }

    public bool IsClosed { get; private set; }

    public bool CanRead
    {
        get
        {
            lock (_lock)
            {
                return _toGuest.Count > 0 || _ended;
            }
        }
    }

    public bool CanWrite
    {
        get
        {
            lock (_lock)
            {
                return _fromGuest.Count < capacity;
            }
        }
    }

    public SocketState Read(Span<byte> destination, out int count)
    {
        lock (_lock)
        {
            count = 0;
            while (count < destination.Length && _toGuest.TryDequeue(out var next))
            {
                destination[count++] = next;
            }

            return count > 0 ? SocketState.Done : _ended ? SocketState.Closed : SocketState.WouldBlock;
        }
    }

    public SocketState Write(ReadOnlySpan<byte> source, out int count)
    {
        lock (_lock)
        {
            count = 0;
            while (count < source.Length && _fromGuest.Count < capacity)
            {
                _fromGuest.Enqueue(source[count++]);
            }
        }

        _written.Release();
        return count > 0 ? SocketState.Done : SocketState.WouldBlock;
    }

    public void Close() => IsClosed = true;

    public void Dispose()
    {
        _subscribed.Dispose();
        _written.Dispose();
    }

    /// <summary>Waits until the guest polls.</summary>
    public void AwaitReader() => _subscribed.Wait();

    public void Send(byte[] bytes)
    {
        lock (_lock)
        {
            Array.ForEach(bytes, _toGuest.Enqueue);
        }

        _changed?.Invoke();
    }

    public void End()
    {
        lock (_lock)
        {
            _ended = true;
        }

        _changed?.Invoke();
    }

    /// <summary>Waits for that many bytes from the guest, making room as they come.</summary>
    public byte[] Receive(int count)
    {
        var received = new List<byte>();
        while (true)
        {
            lock (_lock)
            {
                while (received.Count < count && _fromGuest.TryDequeue(out var next))
                {
                    received.Add(next);
                }
            }

            _changed?.Invoke();
            if (received.Count == count)
            {
                return [.. received];
            }

            _written.Wait();
        }
    }
}
