using System.Text;

namespace Wetware.Wasm.Wasi;

/// <summary>path_* functions. Every path is resolved below a folder that the guest was given; changing anything needs a writable one.</summary>
internal sealed class PathFunctions(WasiProcess process)
{
    private const int Create = 1;
    private const int MustBeFolder = 2;
    private const int Exclusive = 4;
    private const int Truncate = 8;
    private const int FollowLinks = 1;

    public void Define(Imports imports) => imports
        .Function(
            WasiProcess.ModuleName,
            "path_open",
            (Instance guest, int fd, int lookup, int path, int count, int open, long rights, long inherited, int flags, int result) =>
                (int)Open(guest, (fd, path, count, (lookup & FollowLinks) != 0), open, (ulong)rights, flags, result))
        .Function(
            WasiProcess.ModuleName, "path_create_directory", (Instance guest, int fd, int path, int count) => (int)Change(guest, (fd, path, count, false), MakeFolder))
        .Function(
            WasiProcess.ModuleName, "path_remove_directory", (Instance guest, int fd, int path, int count) => (int)Change(guest, (fd, path, count, false), RemoveFolder))
        .Function(
            WasiProcess.ModuleName, "path_unlink_file", (Instance guest, int fd, int path, int count) => (int)Change(guest, (fd, path, count, false), RemoveFile))
        .Function(
            WasiProcess.ModuleName,
            "path_filestat_get",
            (Instance guest, int fd, int lookup, int path, int count, int result) => (int)Stat(guest, (fd, path, count, (lookup & FollowLinks) != 0), result))
        .Function(
            WasiProcess.ModuleName,
            "path_filestat_set_times",
            (Instance guest, int fd, int lookup, int path, int count, long access, long modified, int flags) => (int)Change(
                guest, (fd, path, count, (lookup & FollowLinks) != 0), host => SetTimes(host, access, modified, flags)))
        .Function(
            WasiProcess.ModuleName,
            "path_readlink",
            (Instance guest, int fd, int path, int count, int buffer, int size, int result) => (int)ReadLink(guest, (fd, path, count, false), buffer, size, result))
        .Function(
            WasiProcess.ModuleName,
            "path_rename",
            (Instance guest, int fd, int path, int count, int toFd, int toPath, int toCount) =>
                (int)Rename(guest, (fd, path, count, false), (toFd, toPath, toCount, false)))
        .Function(
            WasiProcess.ModuleName,
            "path_symlink",
            (Instance guest, int target, int targetCount, int fd, int path, int count) => (int)Link(guest, target, targetCount, (fd, path, count, false)))
        .Function(
            WasiProcess.ModuleName,
            "path_link",
            (Instance guest, int fd, int lookup, int path, int count, int toFd, int toPath, int toCount) => (int)Errno.NotSup);

    private static Errno MakeFolder(string host)
    {
        if (Path.Exists(host))
        {
            return Errno.Exist;
        }

        if (!Directory.Exists(Path.GetDirectoryName(host)))
        {
            return Errno.NoEnt;
        }

        Directory.CreateDirectory(host);
        return Errno.Success;
    }

    private static Errno RemoveFolder(string host)
    {
        if (!Directory.Exists(host) || new DirectoryInfo(host).LinkTarget is not null)
        {
            return Path.Exists(host) ? Errno.NotDir : Errno.NoEnt;
        }

        if (Directory.EnumerateFileSystemEntries(host).Any())
        {
            return Errno.NotEmpty;
        }

        Directory.Delete(host);
        return Errno.Success;
    }

    private static Errno RemoveFile(string host)
    {
        var info = new FileInfo(host);
        if (info.LinkTarget is null && !info.Exists)
        {
            return Directory.Exists(host) ? Errno.IsDir : Errno.NoEnt;
        }

        File.Delete(host);
        return Errno.Success;
    }

    /// <summary>The folder, file or link at a path; null where there is none.</summary>
    private static FileSystemInfo? Look(string host)
    {
        var file = new FileInfo(host);
        return file.LinkTarget is not null || file.Exists ? file : Directory.Exists(host) ? new DirectoryInfo(host) : null;
    }

    private Errno SetTimes(string host, long access, long modified, int flags)
    {
        if (Look(host) is not { } info)
        {
            return Errno.NoEnt;
        }

        if (info.LinkTarget is not null)
        {
            // Setting the times of a link might reach through it.
            return Errno.NotSup;
        }

        var times = DescriptorFunctions.Times(process.Options.Clock, access, modified, flags);
        info.LastAccessTimeUtc = times.Accessed ?? info.LastAccessTimeUtc;
        info.LastWriteTimeUtc = times.Modified ?? info.LastWriteTimeUtc;
        return Errno.Success;
    }

    /// <summary>Finds what a guest names: its folder, and the components below the folder's root.</summary>
    private Errno Resolve(
        Instance guest, (int Fd, int Path, int Count, bool Follow) named, out DirectoryDescriptor folder, out List<string> inside)
    {
        inside = [];
        folder = (process.Find(named.Fd) as DirectoryDescriptor)!;
        if (folder is null)
        {
            return process.Find(named.Fd) is null ? Errno.BadF : Errno.NotDir;
        }

        var errno = new GuestMemory(guest).Text(named.Path, named.Count, out var path);
        return errno != Errno.Success ? errno : PathResolver.Resolve(folder, path, named.Follow, out inside);
    }

    private Errno Change(Instance guest, (int Fd, int Path, int Count, bool Follow) named, Func<string, Errno> change) =>
        Errnos.Run((this, guest, named, change), static s =>
        {
            var errno = s.Item1.Resolve(s.guest, s.named, out var folder, out var inside);
            return errno != Errno.Success ? errno
                : !folder.Writable || inside.Count == 0 ? Errno.NotCapable
                : s.change(PathResolver.HostPath(folder, inside));
        });

    private Errno Open(Instance guest, (int Fd, int Path, int Count, bool Follow) named, int open, ulong rights, int flags, int result) =>
        Errnos.Run((this, guest, named, open, rights, flags, result), static s =>
        {
            var errno = s.Item1.Resolve(s.guest, s.named, out var folder, out var inside);
            if (errno != Errno.Success)
            {
                return errno;
            }

            // Checked before anything is opened: a result that has no place must not leave a descriptor behind.
            if (!new GuestMemory(s.guest).Write32(s.result, -1))
            {
                return Errno.Fault;
            }

            errno = OpenAt(folder, inside, s.open, s.rights, s.flags, out var opened);
            if (errno != Errno.Success)
            {
                return errno;
            }

            var fd = s.Item1.Add(opened!);
            if (fd < 0)
            {
                opened!.Close();
                return Errno.MFile;
            }

            return new GuestMemory(s.guest).Write32(s.result, fd) ? Errno.Success : Errno.Fault;
        });

    private int Add(Descriptor descriptor) => process.Add(descriptor);

    private static Errno OpenAt(DirectoryDescriptor folder, List<string> inside, int open, ulong rights, int flags, out Descriptor? opened)
    {
        opened = null;
        var host = PathResolver.HostPath(folder, inside);
        var info = Look(host);
        if (info?.LinkTarget is not null)
        {
            return Errno.Loop;
        }

        if (info is DirectoryInfo || (info is null && Directory.Exists(host)))
        {
            if ((open & (Create | Exclusive)) == (Create | Exclusive))
            {
                return Errno.Exist;
            }

            opened = new DirectoryDescriptor(folder.Root, [.. inside], folder.Writable, null) { Flags = flags };
            return Errno.Success;
        }

        if ((open & MustBeFolder) != 0)
        {
            return info is null ? Errno.NoEnt : Errno.NotDir;
        }

        var write = Rights.MayWrite(rights) || (open & Truncate) != 0;
        if ((write || (info is null && (open & Create) != 0)) && !folder.Writable)
        {
            return Errno.NotCapable;
        }

        return OpenFile(host, info is not null, open, write, Rights.MayRead(rights) || !write, flags, out opened);
    }

    private static Errno OpenFile(string host, bool exists, int open, bool write, bool read, int flags, out Descriptor? opened)
    {
        opened = null;
        if (exists && (open & (Create | Exclusive)) == (Create | Exclusive))
        {
            return Errno.Exist;
        }

        if (!exists && (open & Create) == 0)
        {
            return Errno.NoEnt;
        }

        var mode = !exists ? FileMode.CreateNew : (open & Truncate) != 0 ? FileMode.Truncate : FileMode.Open;
        var access = write || !exists ? read ? FileAccess.ReadWrite : FileAccess.Write : FileAccess.Read;
        var handle = File.OpenHandle(host, mode, access, FileShare.ReadWrite | FileShare.Delete);
        opened = new FileDescriptor(handle, host, read, write) { Flags = flags };
        return Errno.Success;
    }

    private Errno Stat(Instance guest, (int Fd, int Path, int Count, bool Follow) named, int result) =>
        Errnos.Run((this, guest, named, result), static s =>
        {
            var errno = s.Item1.Resolve(s.guest, s.named, out var folder, out var inside);
            return errno != Errno.Success ? errno
                : Look(PathResolver.HostPath(folder, inside)) is not { } info ? Errno.NoEnt
                : FileStat.Write(s.guest, s.result, FileStat.TypeOf(info), info, info is FileInfo { LinkTarget: null } file ? file.Length : 0);
        });

    private Errno ReadLink(Instance guest, (int Fd, int Path, int Count, bool Follow) named, int buffer, int size, int result) =>
        Errnos.Run((this, guest, named, buffer, size, result), static s =>
        {
            var errno = s.Item1.Resolve(s.guest, s.named, out var folder, out var inside);
            if (errno != Errno.Success)
            {
                return errno;
            }

            if (Look(PathResolver.HostPath(folder, inside)) is not { } info)
            {
                return Errno.NoEnt;
            }

            if (info.LinkTarget is not { } target)
            {
                return Errno.Inval;
            }

            var bytes = Encoding.UTF8.GetBytes(target);
            var memory = new GuestMemory(s.guest);
            var count = Math.Min(bytes.Length, (int)Math.Min((uint)s.size, int.MaxValue));
            if (!memory.Span(s.buffer, count, out var space))
            {
                return Errno.Fault;
            }

            bytes.AsSpan(0, count).CopyTo(space);
            return memory.Write32(s.result, count) ? Errno.Success : Errno.Fault;
        });

    private Errno Rename(Instance guest, (int Fd, int Path, int Count, bool Follow) from, (int Fd, int Path, int Count, bool Follow) to) =>
        Errnos.Run((this, guest, from, to), static s =>
        {
            var errno = s.Item1.Resolve(s.guest, s.to, out var toFolder, out var toInside);
            if (errno != Errno.Success)
            {
                return errno;
            }

            errno = s.Item1.Resolve(s.guest, s.from, out var folder, out var inside);
            if (errno != Errno.Success)
            {
                return errno;
            }

            if (!folder.Writable || !toFolder.Writable || inside.Count == 0 || toInside.Count == 0)
            {
                return Errno.NotCapable;
            }

            return Move(PathResolver.HostPath(folder, inside), PathResolver.HostPath(toFolder, toInside));
        });

    private static Errno Move(string source, string target)
    {
        switch (Look(source))
        {
            case null:
                return Errno.NoEnt;
            case DirectoryInfo:
                if (Look(target) is DirectoryInfo)
                {
                    if (RemoveFolder(target) is var errno and not Errno.Success)
                    {
                        return errno;
                    }
                }
                else if (Look(target) is not null)
                {
                    return Errno.NotDir;
                }

                Directory.Move(source, target);
                return Errno.Success;
            default:
                if (Look(target) is DirectoryInfo)
                {
                    return Errno.IsDir;
                }

                File.Move(source, target, overwrite: true);
                return Errno.Success;
        }
    }

    /// <summary>A guest may make links, but not ones that name something absolute; where one leads is checked when it is followed.</summary>
    private Errno Link(Instance guest, int target, int targetCount, (int Fd, int Path, int Count, bool Follow) named)
    {
        var errno = new GuestMemory(guest).Text(target, targetCount, out var text);
        return errno != Errno.Success ? errno
            : text.Length == 0 ? Errno.NoEnt
            : text.Contains('\0', StringComparison.Ordinal) ? Errno.IlSeq
            : Path.IsPathRooted(text) ? Errno.NotCapable
            : Change(guest, named, host =>
            {
                if (Look(host) is not null)
                {
                    return Errno.Exist;
                }

                File.CreateSymbolicLink(host, text);
                return Errno.Success;
            });
    }
}
