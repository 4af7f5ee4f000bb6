using System.Runtime.ConstrainedExecution;
using System.Runtime.InteropServices;
using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Runtime;

/// <summary>
/// What a module's data segments make of its memory, in a file without a name that every instance maps as its own copy: a page is
/// copied when an instance first writes to it. Made once for a module; only Linux has such files, elsewhere segments are copied.
/// </summary>
internal sealed unsafe partial class MemoryImage : CriticalFinalizerObject
{
    // Copying a page makes the machine provide it, which costs as much as mapping the image once.
    private const long DataBytesMin = 4 << 10;

    private const uint CloseOnExec = 1;

    private readonly int _file;

    private MemoryImage(int file, nuint bytes)
    {
        _file = file;
        Bytes = bytes;
    }

    ~MemoryImage() => _ = Close(_file);

    /// <summary>Bytes from the start of the memory that the image covers, in whole pages of the machine.</summary>
    public nuint Bytes { get; }

    public int File => _file;

    /// <summary>The image of a module; null where it has none: little data, a memory or an address that is known only to an instance, or no such files.</summary>
    public static MemoryImage? Of(ModuleDefinition module)
    {
        if (!OperatingSystem.IsLinux() || module.Memories.Count == 0 || module.ImportsMemory || End(module) is not { } end)
        {
            return null;
        }

        var page = (ulong)Environment.SystemPageSize;
        var bytes = (nuint)((end + page - 1) / page * page);
        var file = Create("wasm", CloseOnExec);
        if (file < 0)
        {
            return null;
        }

        var image = new MemoryImage(file, bytes);
        return Truncate(file, (nint)bytes) == 0 && Write(file, module) ? image : null;
    }

    /// <summary>Where the last segment ends, if all of them are known to fit and are worth an image.</summary>
    private static ulong? End(ModuleDefinition module)
    {
        var (end, sum) = (0UL, 0L);
        foreach (var segment in module.Data)
        {
            if (segment.Mode != SegmentMode.Active)
            {
                continue;
            }

            if (segment.Start.Opcode != Op.I32Const)
            {
                return null;
            }

            sum += segment.Bytes.Length;
            end = Math.Max(end, (uint)segment.Start.Bits + (ulong)segment.Bytes.Length);
        }

        return sum >= DataBytesMin && end <= (ulong)module.Memories[0].Minimum * Memory.PageBytes ? end : null;
    }

    private static bool Write(int file, ModuleDefinition module)
    {
        foreach (var segment in module.Data)
        {
            if (segment.Mode != SegmentMode.Active)
            {
                continue;
            }

            var left = segment.Bytes.Span;
            var at = (nint)(uint)segment.Start.Bits;
            while (!left.IsEmpty)
            {
                nint written;
                fixed (byte* from = left)
                {
                    written = WriteAt(file, from, (nuint)left.Length, at);
                }

                if (written <= 0)
                {
                    return false;
                }

                left = left[(int)written..];
                at += written;
            }
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Create(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Truncate(int file, nint length);

    [LibraryImport("libc", EntryPoint = "pwrite")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteAt(int file, byte* from, nuint count, nint offset);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);
}
