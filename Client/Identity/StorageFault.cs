namespace Wetware.Client.Identity;

/// <summary>Why a file or folder cannot be used, told apart by what the operating system answered, and what to do about it.</summary>
internal static class StorageFault
{
    // What an exception of the base library carries: the errno of the call (Linux, macOS) or the HRESULT (Windows).
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether it is another process's lock that is in the way, and nothing else.</summary>
    public static bool IsHeld(IOException failure) => failure.HResult == WouldBlock;

    /// <summary>One line without the name of the file.</summary>
    public static string Explain(Exception failure) => failure switch
    {
        UnauthorizedAccessException => "permission denied; the user that runs this node must be able to write there",
        IOException { HResult: NoSpace or WindowsDiskFull } => "no space is left on the disk; free some, or choose a folder on another disk with --data",
        IOException { HResult: ReadOnlyFileSystem } => "the file system is read-only; choose another folder with --data",
        _ => failure.Message,
    };

    private static int WouldBlock =>
        OperatingSystem.IsWindows() ? WindowsSharingViolation : OperatingSystem.IsLinux() ? 11 : 35;
}
