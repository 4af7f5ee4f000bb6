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
