using System.Buffers.Binary;
using System.Text;

namespace Wetware.Wasm.Wasi;

/// <summary>fd_read, fd_write and their kin, fd_seek and fd_readdir.</summary>
internal sealed class TransferFunctions(WasiProcess process)
{
    // As POSIX has it: more buffers than this in one call are refused.
    private const int VectorsMax = 1024;
    private const int EntryBytes = 24;

    // One call moves no more, so that a guest that is stopped during it stops soon; the caller is told, as after any short transfer.
    private const int TransferBytesMax = 1 << 20;

    private delegate Errno Move(Span<byte> buffer, out int count);

    public void Define(Imports imports) => imports
        .Function(WasiProcess.ModuleName, "fd_read", (Instance guest, int fd, int vectors, int count, int result) => (int)Read(guest, fd, vectors, count, result))
        .Function(WasiProcess.ModuleName, "fd_write", (Instance guest, int fd, int vectors, int count, int result) => (int)Write(guest, fd, vectors, count, result))
        .Function(
            WasiProcess.ModuleName,
            "fd_pread",
            (Instance guest, int fd, int vectors, int count, long at, int result) => (int)ReadAt(guest, fd, vectors, count, at, result))
        .Function(
            WasiProcess.ModuleName,
            "fd_pwrite",
            (Instance guest, int fd, int vectors, int count, long at, int result) => (int)WriteAt(guest, fd, vectors, count, at, result))
        .Function(WasiProcess.ModuleName, "fd_seek", (Instance guest, int fd, long offset, int whence, int result) => (int)Seek(guest, fd, offset, whence, result))
        .Function(WasiProcess.ModuleName, "fd_tell", (Instance guest, int fd, int result) => (int)Seek(guest, fd, 0, 1, result))
        .Function(
            WasiProcess.ModuleName, "fd_readdir", (Instance guest, int fd, int buffer, int count, long cookie, int result) => (int)List(guest, fd, buffer, count, cookie, result))
        .Function(WasiProcess.ModuleName, "sock_recv", (int fd, int vectors, int count, int flags, int result, int outFlags) => (int)NotASocket(fd))
        .Function(WasiProcess.ModuleName, "sock_send", (int fd, int vectors, int count, int flags, int result) => (int)NotASocket(fd))
        .Function(WasiProcess.ModuleName, "sock_shutdown", (int fd, int how) => (int)NotASocket(fd))
        .Function(WasiProcess.ModuleName, "sock_accept", (int fd, int flags, int result) => (int)NotASocket(fd));

    private static Errno Each(Instance guest, int vectors, int count, int result, Move move, Descriptor? source = null)
    {
        var memory = new GuestMemory(guest);
        if ((uint)count > VectorsMax)
        {
            return Errno.Inval;
        }

        var total = 0;
        for (var i = 0; i < count; i++)
        {
            if (!memory.Vector(vectors, i, out var buffer))
            {
                return Errno.Fault;
            }

            if (buffer.Length == 0)
            {
                continue;
            }

            var piece = buffer[..Math.Min(buffer.Length, TransferBytesMax - total)];
            var errno = move(piece, out var moved);
            total += moved;
            if (errno != Errno.Success && total == 0)
            {
                return errno;
            }

            // A read that has something does not wait for more.
            if (errno != Errno.Success || moved < buffer.Length || total == TransferBytesMax || source is { CanRead: false })
            {
                break;
            }
        }

        return memory.Write32(result, total) ? Errno.Success : Errno.Fault;
    }

    private Errno NotASocket(int fd) => process.Find(fd) is null ? Errno.BadF : Errno.NotSock;

    private Errno Read(Instance guest, int fd, int vectors, int count, int result) =>
        process.Find(fd) is not { } descriptor ? Errno.BadF : Errnos.Run((guest, descriptor, vectors, count, result), static s =>
            Each(
                s.guest,
                s.vectors,
                s.count,
                s.result,
                (Span<byte> buffer, out int moved) => s.descriptor.Read(buffer, s.guest.Store.Stopping, out moved),
                s.descriptor));

    private Errno Write(Instance guest, int fd, int vectors, int count, int result) =>
        process.Find(fd) is not { } descriptor ? Errno.BadF : Errnos.Run((guest, descriptor, vectors, count, result), static s =>
            Each(s.guest, s.vectors, s.count, s.result, (Span<byte> buffer, out int moved) => s.descriptor.Write(buffer, s.guest.Store.Stopping, out moved)));

    private Errno ReadAt(Instance guest, int fd, int vectors, int count, long at, int result)
    {
        if (process.Find(fd) is not FileDescriptor file)
        {
            return process.Find(fd) is null ? Errno.BadF : Errno.SPipe;
        }

        return at < 0 ? Errno.Inval : Errnos.Run((guest, file, vectors, count, at, result), static s =>
        {
            var position = s.at;
            return Each(s.guest, s.vectors, s.count, s.result, (Span<byte> buffer, out int moved) =>
            {
                var errno = s.file.ReadAt(buffer, position, out moved);
                position += moved;
                return errno;
            });
        });
    }

    private Errno WriteAt(Instance guest, int fd, int vectors, int count, long at, int result)
    {
        if (process.Find(fd) is not FileDescriptor file)
        {
            return process.Find(fd) is null ? Errno.BadF : Errno.SPipe;
        }

        return at < 0 ? Errno.Inval : Errnos.Run((guest, file, vectors, count, at, result), static s =>
        {
            var position = s.at;
            return Each(s.guest, s.vectors, s.count, s.result, (Span<byte> buffer, out int moved) =>
            {
                var errno = s.file.WriteAt(buffer, position, out moved);
                position += moved;
                return errno;
            });
        });
    }

    private Errno Seek(Instance guest, int fd, long offset, int whence, int result)
    {
        if (process.Find(fd) is not FileDescriptor file)
        {
            return process.Find(fd) is null ? Errno.BadF : Errno.SPipe;
        }

        return Errnos.Run((guest, file, offset, whence, result), static s =>
        {
            var from = s.whence switch
            {
                0 => 0,
                1 => s.file.Position,
                2 => s.file.Length,
                _ => -1,
            };
            var position = from + s.offset;
            if (from < 0 || (s.offset > 0 ? position < from : position > from) || position < 0)
            {
                return Errno.Inval;
            }

            s.file.Position = position;
            return new GuestMemory(s.guest).Write64(s.result, position) ? Errno.Success : Errno.Fault;
        });
    }

    private Errno List(Instance guest, int fd, int buffer, int count, long cookie, int result)
    {
        if (process.Find(fd) is not DirectoryDescriptor folder)
        {
            return process.Find(fd) is null ? Errno.BadF : Errno.NotDir;
        }

        return folder.IsReplaced ? Errno.NoEnt : Errnos.Run((guest, folder, buffer, count, cookie, result), static s =>
        {
            var memory = new GuestMemory(s.guest);
            if (!memory.Span(s.buffer, s.count, out var space))
            {
                return Errno.Fault;
            }

            var used = Fill(s.folder, s.cookie, space);
            return memory.Write32(s.result, used) ? Errno.Success : Errno.Fault;
        });
    }

    /// <summary>Writes entries from the cookie on; the last may be cut, which tells the guest to ask again with more room.</summary>
    private static int Fill(DirectoryDescriptor folder, long cookie, Span<byte> space)
    {
        var entries = new DirectoryInfo(folder.HostPath).GetFileSystemInfos();
        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var used = 0;
        Span<byte> head = stackalloc byte[EntryBytes];
        for (var i = Math.Max(cookie, 0); i < entries.Length + 2L && used < space.Length; i++)
        {
            var info = i < 2 ? null : entries[i - 2];
            var name = Encoding.UTF8.GetBytes(info?.Name ?? (i == 0 ? "." : ".."));
            head.Clear();
            BinaryPrimitives.WriteInt64LittleEndian(head, i + 1);
            BinaryPrimitives.WriteUInt64LittleEndian(head[8..], info is null ? 0 : FileStat.Inode(info.FullName));
            BinaryPrimitives.WriteInt32LittleEndian(head[16..], name.Length);
            head[20] = (byte)(info is null ? FileType.Directory : FileStat.TypeOf(info));
            used += CopyCut(head, space[used..]);
            used += CopyCut(name, space[used..]);
        }

        return used;
    }

    private static int CopyCut(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var count = Math.Min(source.Length, target.Length);
        source[..count].CopyTo(target);
        return count;
    }
}
