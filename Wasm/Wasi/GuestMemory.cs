using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Wetware.Wasm.Wasi;

/// <summary>A guest's memory as WASI's functions use it. Every method checks the address and is false where it is outside.</summary>
internal readonly struct GuestMemory(Instance instance)
{
    private readonly Memory? _memory = instance.Memory;

    public bool Span(int address, int count, out Span<byte> span)
    {
        span = default;
        return _memory is not null && _memory.TrySpan((uint)address, (uint)count, out span);
    }

    public bool Write32(int address, int value)
    {
        var inside = Span(address, sizeof(int), out var span);
        if (inside)
        {
            BinaryPrimitives.WriteInt32LittleEndian(span, value);
        }

        return inside;
    }

    public bool Write64(int address, long value)
    {
        var inside = Span(address, sizeof(long), out var span);
        if (inside)
        {
            BinaryPrimitives.WriteInt64LittleEndian(span, value);
        }

        return inside;
    }

    /// <summary>A path; Success, Fault, or IlSeq for bytes that are not UTF-8.</summary>
    public Errno Text(int address, int count, out string text)
    {
        text = string.Empty;
        if (!Span(address, count, out var span))
        {
            return Errno.Fault;
        }

        if (count > WasiProcess.PathBytesMax)
        {
            return Errno.NameTooLong;
        }

        if (!Utf8.IsValid(span))
        {
            return Errno.IlSeq;
        }

        text = Encoding.UTF8.GetString(span);
        return Errno.Success;
    }

    /// <summary>Entry <paramref name="index"/> of an array of buffers.</summary>
    public bool Vector(int vectors, int index, out Span<byte> buffer)
    {
        buffer = default;
        return Span(vectors + (index * 8), 8, out var entry)
            && Span(BinaryPrimitives.ReadInt32LittleEndian(entry), BinaryPrimitives.ReadInt32LittleEndian(entry[4..]), out buffer);
    }
}
