using System.Buffers;

namespace Wetware.Bench.Capnp;

/// <summary>Output into one array that is kept, so that writing costs the writer's work only.</summary>
internal sealed class PooledOutput : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[1 << 20];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Clear() => _length = 0;

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _length < Math.Max(1, sizeHint))
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + sizeHint));
        }

        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
