namespace Wetware.Wasm.Wasi;

/// <summary>What fd_fdstat_get reports: C libraries ask for no more than this when they open a file.</summary>
internal static class Rights
{
    private const ulong Read = 1UL << 1;
    private const ulong Seek = 1UL << 2;
    private const ulong SetFlags = 1UL << 3;
    private const ulong Tell = 1UL << 5;
    private const ulong Write = 1UL << 6;
    private const ulong Stat = 1UL << 21;
    private const ulong Poll = 1UL << 27;
    private const ulong All = (1UL << 30) - 1;

    // fd_datasync, fd_sync, write, allocate, create, link, rename, set size and times, symlink, remove, unlink.
    private const ulong Changing =
        (1UL << 0) | (1UL << 4) | Write | (1UL << 8) | (1UL << 9) | (1UL << 10) | (1UL << 11) | (1UL << 12) | (1UL << 16) | (1UL << 17)
        | (1UL << 19) | (1UL << 20) | (1UL << 22) | (1UL << 23) | (1UL << 24) | (1UL << 25) | (1UL << 26);

    public static ulong Of(Descriptor descriptor) => descriptor switch
    {
        DirectoryDescriptor folder => folder.Writable ? All & ~(Seek | Tell | Read | Write) : All & ~(Changing | Seek | Tell | Read),
        FileDescriptor file => file.IsWritable ? All : All & ~Changing,
        _ => Read | Write | SetFlags | Stat | Poll,
    };

    /// <summary>All for a folder, also a read-only one: a C library silently drops what is not offered here, and a write would fail later than its open.</summary>
    public static ulong Inheriting(Descriptor descriptor) => descriptor is DirectoryDescriptor ? All : 0;

    /// <summary>Whether these rights include changing a file's content.</summary>
    public static bool MayWrite(ulong rights) => (rights & Write) != 0;

    public static bool MayRead(ulong rights) => (rights & Read) != 0;
}
