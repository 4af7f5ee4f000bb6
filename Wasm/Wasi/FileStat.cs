using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Wetware.Wasm.Wasi;

/// <summary>Writes the 64 bytes of a filestat.</summary>
internal static class FileStat
{
    public const int Bytes = 64;

    private const int NanosecondsPerTick = 100;

    /// <summary>The stat of what a path names now.</summary>
    public static Errno Write(Instance guest, int address, FileType type, FileSystemInfo info, long length) =>
        Write(guest, address, type, Inode(info.FullName), info.LastAccessTimeUtc, info.LastWriteTimeUtc, length);

    /// <summary>The stat of an open file, whatever its path names by now.</summary>
    public static Errno Write(Instance guest, int address, FileDescriptor file) =>
        Write(guest, address, FileType.RegularFile, Inode(file.HostPath), file.Accessed, file.Modified, file.Length);

    /// <summary>The stat of something that is no file.</summary>
    public static Errno Write(Instance guest, int address, FileType type) => Write(guest, address, type, 0, DateTime.UnixEpoch, DateTime.UnixEpoch, 0);

    /// <summary>A number that stands for the file: the base library does not tell the real one, and a guest only compares them.</summary>
    public static ulong Inode(string path) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(path)));

    public static FileType TypeOf(FileSystemInfo info) =>
        info.LinkTarget is not null ? FileType.SymbolicLink
        : (info.Attributes & FileAttributes.Directory) != 0 ? FileType.Directory
        : (info.Attributes & FileAttributes.Device) != 0 ? FileType.CharacterDevice
        : FileType.RegularFile;

    public static DateTime Time(long nanoseconds) => DateTime.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);

    private static Errno Write(Instance guest, int address, FileType type, ulong inode, DateTime accessed, DateTime modified, long length)
    {
        if (!new GuestMemory(guest).Span(address, Bytes, out var stat))
        {
            return Errno.Fault;
        }

        stat.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(stat[8..], inode);
        stat[16] = (byte)type;
        BinaryPrimitives.WriteUInt64LittleEndian(stat[24..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(stat[32..], length);
        BinaryPrimitives.WriteInt64LittleEndian(stat[40..], Nanoseconds(accessed));
        BinaryPrimitives.WriteInt64LittleEndian(stat[48..], Nanoseconds(modified));
        BinaryPrimitives.WriteInt64LittleEndian(stat[56..], Nanoseconds(modified));
        return Errno.Success;
    }

    private static long Nanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * NanosecondsPerTick;
}
