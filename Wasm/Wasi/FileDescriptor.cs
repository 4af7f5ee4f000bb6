using Microsoft.Win32.SafeHandles;

namespace Wetware.Wasm.Wasi;

/// <summary>An open file of a preopened folder.</summary>
internal sealed class FileDescriptor(SafeFileHandle handle, string hostPath, bool canRead, bool canWrite) : Descriptor
{
    private const int AppendFlag = 1;

    private readonly bool _canRead = canRead;
    private readonly bool _canWrite = canWrite;

    public override FileType Type => FileType.RegularFile;

    /// <summary>Where it was opened: the guest may since have put something else there, so nothing is done by this path.</summary>
    public string HostPath { get; } = hostPath;

    public long Position { get; set; }

    public long Length => RandomAccess.GetLength(handle);

    public bool IsWritable => _canWrite;

    public DateTime Accessed
    {
        get => File.GetLastAccessTimeUtc(handle);
        set => File.SetLastAccessTimeUtc(handle, value);
    }

    public DateTime Modified
    {
        get => File.GetLastWriteTimeUtc(handle);
        set => File.SetLastWriteTimeUtc(handle, value);
    }

    public override Errno Read(Span<byte> destination, CancellationToken stopping, out int count)
    {
        var errno = ReadAt(destination, Position, out count);
        Position += count;
        return errno;
    }

    public override Errno Write(ReadOnlySpan<byte> source, CancellationToken stopping, out int count)
    {
        if ((Flags & AppendFlag) != 0)
        {
            Position = Length;
        }

        var errno = WriteAt(source, Position, out count);
        Position += count;
        return errno;
    }

    public Errno ReadAt(Span<byte> destination, long position, out int count)
    {
        count = 0;
        if (!_canRead)
        {
            return Errno.NotCapable;
        }

        count = RandomAccess.Read(handle, destination, position);
        return Errno.Success;
    }

    public Errno WriteAt(ReadOnlySpan<byte> source, long position, out int count)
    {
        count = 0;
        if (!_canWrite)
        {
            return Errno.NotCapable;
        }

        RandomAccess.Write(handle, source, position);
        count = source.Length;
        return Errno.Success;
    }

    public Errno Resize(long length)
    {
        if (!_canWrite)
        {
            return Errno.NotCapable;
        }

        RandomAccess.SetLength(handle, length);
        return Errno.Success;
    }

    public void Flush()
    {
        if (_canWrite)
        {
            RandomAccess.FlushToDisk(handle);
        }
    }

    public override void Close() => handle.Dispose();
}
