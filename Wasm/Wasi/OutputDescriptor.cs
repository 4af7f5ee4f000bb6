using System.Buffers;

namespace Wetware.Wasm.Wasi;

/// <summary>Standard output or error. A wait for the stream ends when the guest is stopped.</summary>
internal sealed class OutputDescriptor(Stream stream) : Descriptor
{
    // One piece of a large write; bounds what a guest makes the host hold.
    private const int PieceBytes = 64 << 10;

    public override FileType Type => FileType.CharacterDevice;

    public override Errno Write(ReadOnlySpan<byte> source, CancellationToken stopping, out int count)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(source.Length, PieceBytes));
        try
        {
            count = Math.Min(source.Length, PieceBytes);
            source[..count].CopyTo(buffer);
            stream.WriteAsync(buffer.AsMemory(0, count), stopping).AsTask().GetAwaiter().GetResult();
            return Errno.Success;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
