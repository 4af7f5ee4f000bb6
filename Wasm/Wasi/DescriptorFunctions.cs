using System.Buffers.Binary;
using System.Text;

namespace Wetware.Wasm.Wasi;

/// <summary>fd_* functions that ask about or change a descriptor; those that move bytes are in <see cref="TransferFunctions"/>.</summary>
internal sealed class DescriptorFunctions(WasiProcess process)
{
    private const int FdStatBytes = 24;
    private const int SetAccessNow = 2;
    private const int SetModified = 4;
    private const int SetModifiedNow = 8;
    private const int SetAccess = 1;

    public void Define(Imports imports) => imports
        .Function(WasiProcess.ModuleName, "fd_close", (int fd) => (int)process.Close(fd))
        .Function(WasiProcess.ModuleName, "fd_renumber", (int from, int to) => (int)process.Renumber(from, to))
        .Function(WasiProcess.ModuleName, "fd_fdstat_get", (Instance guest, int fd, int result) => (int)Stat(guest, fd, result))
        .Function(WasiProcess.ModuleName, "fd_fdstat_set_flags", (int fd, int flags) => (int)SetFlags(fd, flags))
        .Function(WasiProcess.ModuleName, "fd_fdstat_set_rights", (int fd, long own, long inherited) => (int)SetRights(fd, (ulong)own, (ulong)inherited))
        .Function(WasiProcess.ModuleName, "fd_prestat_get", (Instance guest, int fd, int result) => (int)Prestat(guest, fd, result))
        .Function(WasiProcess.ModuleName, "fd_prestat_dir_name", (Instance guest, int fd, int path, int count) => (int)PrestatName(guest, fd, path, count))
        .Function(WasiProcess.ModuleName, "fd_filestat_get", (Instance guest, int fd, int result) => (int)FileStatOf(guest, fd, result))
        .Function(WasiProcess.ModuleName, "fd_filestat_set_size", (int fd, long size) => (int)Resize(fd, size))
        .Function(
            WasiProcess.ModuleName, "fd_filestat_set_times", (int fd, long access, long modified, int flags) => (int)SetTimes(fd, access, modified, flags))
        .Function(WasiProcess.ModuleName, "fd_advise", (int fd, long offset, long count, int advice) => (int)Known(fd))
        .Function(WasiProcess.ModuleName, "fd_allocate", (int fd, long offset, long count) => (int)Allocate(fd, offset, count))
        .Function(WasiProcess.ModuleName, "fd_sync", (int fd) => (int)Sync(fd))
        .Function(WasiProcess.ModuleName, "fd_datasync", (int fd) => (int)Sync(fd));

    /// <summary>The times that the flags ask to be set; null for one that stays.</summary>
    public static (DateTime? Accessed, DateTime? Modified) Times(TimeProvider clock, long accessed, long modified, int flags)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return (
            (flags & SetAccessNow) != 0 ? now : (flags & SetAccess) != 0 ? FileStat.Time(accessed) : null,
            (flags & SetModifiedNow) != 0 ? now : (flags & SetModified) != 0 ? FileStat.Time(modified) : null);
    }

    private Errno Known(int fd) => process.Find(fd) is null ? Errno.BadF : Errno.Success;

    private Errno Stat(Instance guest, int fd, int result)
    {
        if (process.Find(fd) is not { } descriptor)
        {
            return Errno.BadF;
        }

        if (!new GuestMemory(guest).Span(result, FdStatBytes, out var stat))
        {
            return Errno.Fault;
        }

        stat.Clear();
        stat[0] = (byte)descriptor.Type;
        BinaryPrimitives.WriteUInt16LittleEndian(stat[2..], (ushort)descriptor.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[8..], Rights.Of(descriptor));
        BinaryPrimitives.WriteUInt64LittleEndian(stat[16..], Rights.Inheriting(descriptor));
        return Errno.Success;
    }

    private Errno SetFlags(int fd, int flags)
    {
        if (process.Find(fd) is not { } descriptor)
        {
            return Errno.BadF;
        }

        descriptor.Flags = flags;
        return Errno.Success;
    }

    /// <summary>Rights can be asked for only where they are there. Giving some up changes nothing: what may be done follows from how the file was opened.</summary>
    private Errno SetRights(int fd, ulong own, ulong inherited) => process.Find(fd) is not { } descriptor ? Errno.BadF
        : (own & ~Rights.Of(descriptor)) != 0 || (inherited & ~Rights.Inheriting(descriptor)) != 0 ? Errno.NotCapable
        : Errno.Success;

    private Errno Prestat(Instance guest, int fd, int result)
    {
        if (process.Find(fd) is not DirectoryDescriptor { GuestName: { } name })
        {
            return Errno.BadF;
        }

        var memory = new GuestMemory(guest);
        return memory.Write32(result, 0) && memory.Write32(result + sizeof(int), Encoding.UTF8.GetByteCount(name)) ? Errno.Success : Errno.Fault;
    }

    private Errno PrestatName(Instance guest, int fd, int path, int count)
    {
        if (process.Find(fd) is not DirectoryDescriptor { GuestName: { } name })
        {
            return Errno.BadF;
        }

        var bytes = Encoding.UTF8.GetBytes(name);
        if (count < bytes.Length)
        {
            return Errno.NameTooLong;
        }

        if (!new GuestMemory(guest).Span(path, bytes.Length, out var target))
        {
            return Errno.Fault;
        }

        bytes.CopyTo(target);
        return Errno.Success;
    }

    private Errno FileStatOf(Instance guest, int fd, int result) => process.Find(fd) switch
    {
        null => Errno.BadF,
        FileDescriptor file => Errnos.Run((guest, file, result), static s => FileStat.Write(s.guest, s.result, s.file)),
        DirectoryDescriptor { IsReplaced: true } => Errno.NoEnt,
        DirectoryDescriptor folder => Errnos.Run(
            (guest, folder, result), static s => FileStat.Write(s.guest, s.result, FileType.Directory, new DirectoryInfo(s.folder.HostPath), 0)),
        { } other => FileStat.Write(guest, result, other.Type),
    };

    private Errno Resize(int fd, long size) => process.Find(fd) is not FileDescriptor file
        ? Errno.BadF
        : size < 0 ? Errno.Inval : Errnos.Run((file, size), static s => s.file.Resize(s.size));

    private Errno Allocate(int fd, long offset, long count)
    {
        if (process.Find(fd) is not FileDescriptor file)
        {
            return Errno.BadF;
        }

        if (offset < 0 || count < 0 || offset > long.MaxValue - count)
        {
            return Errno.Inval;
        }

        return Errnos.Run((file, end: offset + count), static s => s.end > s.file.Length ? s.file.Resize(s.end) : Errno.Success);
    }

    private Errno SetTimes(int fd, long access, long modified, int flags) => process.Find(fd) switch
    {
        FileDescriptor { IsWritable: true } file => Errnos.Run((file, times: Times(process.Options.Clock, access, modified, flags)), static s =>
        {
            s.file.Accessed = s.times.Accessed ?? s.file.Accessed;
            s.file.Modified = s.times.Modified ?? s.file.Modified;
            return Errno.Success;
        }),
        null => Errno.BadF,
        _ => Errno.NotCapable,
    };

    private Errno Sync(int fd)
    {
        if (process.Find(fd) is not FileDescriptor file)
        {
            return process.Find(fd) is null ? Errno.BadF : Errno.Success;
        }

        return Errnos.Run(file, static file =>
        {
            file.Flush();
            return Errno.Success;
        });
    }
}
