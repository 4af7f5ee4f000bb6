namespace Wetware.Wasm.Wasi;

/// <summary>Translates what the base library throws about files.</summary>
internal static class Errnos
{
    // errno values that .NET keeps in HResult on Unix.
    private const int UnixNotEmptyLinux = 39;
    private const int UnixNotEmptyMac = 66;
    private const int UnixNoSpace = 28;
    private const int UnixExists = 17;

    /// <summary>Runs a file operation; exceptions about files become error numbers, others pass.</summary>
    public static Errno Run<T>(T state, Func<T, Errno> operation)
    {
        try
        {
            return operation(state);
        }
        catch (Exception fault) when (Of(fault) is not Errno.Success)
        {
            return Of(fault);
        }
    }

    private static Errno Of(Exception fault) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errno.NoEnt,
        PathTooLongException => Errno.NameTooLong,
        UnauthorizedAccessException => Errno.Access,
        IOException io => OfHResult(io.HResult),
        ArgumentException or NotSupportedException => Errno.Inval,
        _ => Errno.Success,
    };

    private static Errno OfHResult(int code) => code switch
    {
        UnixNotEmptyLinux or UnixNotEmptyMac => Errno.NotEmpty,
        UnixNoSpace => Errno.NoSpc,
        UnixExists => Errno.Exist,
        _ => Errno.Io,
    };
}
