namespace Wetware.Raft.Log;

/// <summary>One open file. Reads may run beside writes and syncs; failures are <see cref="IOException"/> or <see cref="DiskFullException"/>.</summary>
public interface IFile : IDisposable
{
    /// <summary>How long the file is, in bytes.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/> on.</summary>
    /// <returns>How many bytes were read; fewer than asked for only where the file ends.</returns>
    int ReadAt(Span<byte> destination, long offset);

    /// <summary>Writes all of <paramref name="source"/> at <paramref name="offset"/>. Durable only after <see cref="Sync"/>.</summary>
    void WriteAt(ReadOnlySpan<byte> source, long offset);

    /// <summary>Returns when everything written to the file is on disk. After a failure nothing may be assumed of unsynced writes.</summary>
    void Sync();

    /// <summary>
    /// Writes all of <paramref name="source"/> at <paramref name="offset"/>, and returns when that is on disk. Says nothing of what was written before.
    /// After a failure nothing may be assumed of it.
    /// </summary>
    void WriteDurably(ReadOnlySpan<byte> source, long offset)
    {
        WriteAt(source, offset);
        Sync();
    }
}
