using System.Runtime.ConstrainedExecution;
using System.Runtime.InteropServices;

namespace Wetware.Wasm.Runtime;

/// <summary>
/// A range of addresses whose first bytes are usable and zero at first. On Unix it is one anonymous mapping, reserved without access and
/// opened as it grows; elsewhere it is allocated at its largest size, untouched.
/// </summary>
internal sealed unsafe partial class PageRange : CriticalFinalizerObject, IDisposable
{
    private const int ProtNone = 0;
    private const int ProtReadWrite = 3;
    private const int MapPrivate = 2;
    private const int MapFixed = 0x10;
    private const int MapAnonymousLinux = 0x20;
    private const int MapAnonymousMac = 0x1000;
    private const int MapNoReserveLinux = 0x4000;
    private const int MapNoReserveMac = 0x40;

    private readonly nuint _reserved;
    private byte* _base;
    private nuint _committed;

    public PageRange(nuint reserved)
    {
        _reserved = reserved;
        if (reserved == 0)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _base = (byte*)NativeMemory.AllocZeroed(reserved);
            return;
        }

        var flags = OperatingSystem.IsMacOS() ? MapPrivate | MapAnonymousMac | MapNoReserveMac : MapPrivate | MapAnonymousLinux | MapNoReserveLinux;
        var mapped = Map(0, reserved, ProtNone, flags, -1, 0);
        if (mapped == -1)
        {
            throw new LinkException("the machine has no address range left for a guest's memory");
        }

        _base = (byte*)mapped;
    }

    ~PageRange() => Release();

    /// <summary>The first byte; null when nothing is reserved.</summary>
    public byte* Base => _base;

    public void Commit(nuint bytes)
    {
        if (!TryCommit(bytes))
        {
            throw new LinkException("the machine has no memory left for a guest");
        }
    }

    /// <summary>Makes the first <paramref name="bytes"/> usable; false when the machine refuses.</summary>
    public bool TryCommit(nuint bytes)
    {
        Core.Invariant.Check(bytes <= _reserved);
        if (bytes > _committed && !OperatingSystem.IsWindows() && Protect((nint)_base + (nint)_committed, bytes - _committed, ProtReadWrite) != 0)
        {
            return false;
        }

        _committed = Math.Max(bytes, _committed);
        return true;
    }

    /// <summary>Puts a copy of an image, which is made page by page as it is written to, over the start of what is usable.</summary>
    public void Place(MemoryImage image)
    {
        Core.Invariant.Check(image.Bytes <= _committed);
        var mapped = Map((nint)_base, image.Bytes, ProtReadWrite, MapPrivate | MapFixed, image.File, 0);
        GC.KeepAlive(image);
        if (mapped == -1)
        {
            throw new LinkException("the machine has no memory left for a guest");
        }
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (_base == null)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            NativeMemory.Free(_base);
        }
        else
        {
            // Unmapping a mapping of our own cannot fail.
            _ = Unmap((nint)_base, _reserved);
        }

        _base = null;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(nint address, nuint length);
}
