using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Wetware.Raft.Log.Files;

/// <summary>What the base library does not offer: syncing data without metadata, syncing a folder, and telling a full disk.</summary>
internal static partial class NativeDisk
{
    // ENOSPC and EDQUOT of Linux, EDQUOT of macOS, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    private const int NoSpace = 28;
    private const int QuotaLinux = 122;
    private const int QuotaMac = 69;

    // EINVAL of Linux; O_RDWR, O_DSYNC, O_CLOEXEC there, and O_DIRECT of its two architectures.
    private const int Invalid = 22;
    private const int DirectAlignment = 512;
    private const int ReadWrite = 2;
    private const int DataSync = 0x1000;
    private const int CloseOnExec = 0x80000;
    private const int DirectX64 = 0x4000;
    private const int DirectArm64 = 0x10000;
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);

    public static bool IsFull(IOException failure) =>
        failure.HResult is DiskFullWindows or HandleDiskFullWindows || (!OperatingSystem.IsWindows() && failure.HResult is NoSpace or QuotaLinux or QuotaMac);

    /// <summary>On Linux without the inode's times, which nobody needs and which cost a journal write; elsewhere what the base library does.</summary>
    public static void SyncData(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }

        if (FdataSync(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"syncing {path} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    /// <summary>
    /// Opens a file once more so that writes go past the kernel's cache and are on disk when they return: one call instead of two, and no copy. Null
    /// where the system or the file system has no such thing.
    /// </summary>
    public static SafeFileHandle? TryOpenDirect(SafeFileHandle file)
    {
        var direct = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => DirectX64,
            Architecture.Arm64 => DirectArm64,
            _ => 0,
        };
        if (!OperatingSystem.IsLinux() || direct == 0)
        {
            return null;
        }

        // By its descriptor: its name may have changed since it was opened.
        var descriptor = Open($"/proc/self/fd/{file.DangerousGetHandle()}", ReadWrite | DataSync | CloseOnExec | direct);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Whether a write lies in memory and in the file as most disks want one that goes past the cache.</summary>
    public static bool IsAligned(nint address, int length, long offset) => ((address | length | offset) & (DirectAlignment - 1)) == 0;

    /// <summary>Whether a write past the cache was refused for how it lies in memory or in the file.</summary>
    public static bool IsRefused(IOException failure) => failure.HResult == Invalid;

    /// <summary>Makes renames, creations and deletions durable. Windows has no such call and needs none on its journaled file system.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        try
        {
            if (FSync(descriptor) != 0)
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"syncing the folder {folder} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FdataSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
