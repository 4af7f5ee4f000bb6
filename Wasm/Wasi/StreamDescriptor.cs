using System.Buffers;

namespace Wetware.Wasm.Wasi;

/// <summary>Standard input, output or error. A wait for the stream ends when the guest is stopped.</summary>
internal sealed class StreamDescriptor(Stream stream, bool isInput) : Descriptor
{
    // One piece of a large write; bounds what a guest makes the host hold.
    private const int PieceBytes = 64 << 10;

    public override FileType Type => FileType.CharacterDevice;

    public override Errno Read(Span<byte> destination, CancellationToken stopping, out int count)
    {
        count = 0;
        if (!isInput)
        {
            return Errno.BadF;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(destination.Length, PieceBytes));
        try
        {
            var wanted = Math.Min(destination.Length, PieceBytes);
            count = stream.ReadAsync(buffer.AsMemory(0, wanted), stopping).AsTask().GetAwaiter().GetResult();
            buffer.AsSpan(0, count).CopyTo(destination);
            return Errno.Success;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override Errno Write(ReadOnlySpan<byte> source, CancellationToken stopping, out int count)
    {
        count = 0;
        if (isInput)
        {
            return Errno.BadF;
        }

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
