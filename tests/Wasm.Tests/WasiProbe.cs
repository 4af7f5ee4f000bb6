using System.Buffers.Binary;
using System.Text;
using Wetware.Fuzz.Wasm;
using Wetware.Wasm.Wasi;

namespace Wetware.Wasm.Tests;

/// <summary>A guest that does nothing by itself: tests call WASI's functions through it one by one, as a hostile program would.</summary>
internal sealed class WasiProbe : IDisposable
{
    public const long AllRights = (1L << 30) - 1;

    private const int PathAt = 1024;
    private const int OtherPathAt = 8192;
    private const int ResultAt = 16;
    private const int BufferAt = 16384;
    private const int BufferBytes = 32768;

    // What each function takes, one letter a parameter: i for i32, l for i64.
    private static readonly (string Name, string Parameters)[] s_functions =
    [
        ("path_open", "iiiiillii"), ("path_create_directory", "iii"), ("path_remove_directory", "iii"), ("path_unlink_file", "iii"),
        ("path_filestat_get", "iiiii"), ("path_filestat_set_times", "iiiilli"), ("path_rename", "iiiiii"), ("path_symlink", "iiiii"), ("path_readlink", "iiiiii"),
        ("path_link", "iiiiiii"), ("fd_close", "i"), ("fd_read", "iiii"), ("fd_write", "iiii"), ("fd_readdir", "iiili"), ("fd_filestat_get", "ii"),
        ("fd_filestat_set_times", "illi"), ("fd_fdstat_set_rights", "ill"), ("fd_fdstat_set_flags", "ii"), ("fd_seek", "ilii"), ("fd_renumber", "ii"), ("poll_oneoff", "iiii"), ("sock_recv", "iiiiii"),
    ];

    private static readonly CompiledModule s_module = Module();

    private readonly Store _store = new();
    private readonly WasiProcess _process;
    private readonly Instance _instance;

    public WasiProbe(WasiOptions options)
    {
        _process = new WasiProcess(options);
        _instance = Instance.Create(_store, s_module, _process.Define(new Imports()));
    }

    /// <summary>What the last successful call put where results go.</summary>
    public int Result => BinaryPrimitives.ReadInt32LittleEndian(_instance.Memory!.Span(ResultAt, sizeof(int)));

    /// <summary>What the last read or listing put into the buffer.</summary>
    public string Read => Encoding.UTF8.GetString(ReadBytes);

    /// <summary>The same, as it is.</summary>
    public byte[] ReadBytes => _instance.Memory!.Span(BufferAt, Result).ToArray();

    public Errno Call(string name, params Value[] arguments) => (Errno)_instance.Call(name, arguments)[0].AsI32();

    public Errno Open(int fd, string path, int flags = 0, long rights = 1 << 1, bool follow = true) => Call(
        "path_open", I(fd), I(follow ? 1 : 0), I(PathAt), Path(path), I(flags), Value.From(rights), Value.From(AllRights), I(0), I(ResultAt));

    /// <summary>path_create_directory, path_remove_directory or path_unlink_file.</summary>
    public Errno Change(string name, int fd, string path) => Call(name, I(fd), I(PathAt), Path(path));

    public Errno Stat(int fd, string path, bool follow = true) => Call("path_filestat_get", I(fd), I(follow ? 1 : 0), I(PathAt), Path(path), I(BufferAt));

    public Errno SetTimes(int fd, string path) =>
        Call("path_filestat_set_times", I(fd), I(1), I(PathAt), Path(path), Value.From(0L), Value.From(1_000_000_000L), I(4));

    public Errno SetTimes(int fd) => Call("fd_filestat_set_times", I(fd), Value.From(0L), Value.From(1_000_000_000L), I(4));

    public Errno Rename(int fd, string from, int toFd, string to) => Call("path_rename", I(fd), I(PathAt), Path(from), I(toFd), I(OtherPathAt), Path(to, OtherPathAt));

    public Errno Link(string target, int fd, string path) => Call("path_symlink", I(PathAt), Path(target), I(fd), I(OtherPathAt), Path(path, OtherPathAt));

    public Errno List(int fd) => Call("fd_readdir", I(fd), I(BufferAt), I(BufferBytes), Value.From(0L), I(ResultAt));

    public Errno ReadFile(int fd) => Transfer("fd_read", fd, BufferBytes);

    /// <summary>A read into two buffers, the first of that many bytes and the second behind it.</summary>
    public Errno ReadInTwo(int fd, int first) => Transfer("fd_read", fd, first, BufferBytes - first);

    /// <summary>Waits for input, or for so many milliseconds; what happened is 'i' for input and 't' for the time, in the order in which it was told.</summary>
    public string Poll(int fd, int milliseconds)
    {
        var subscriptions = _instance.Memory!.Span(PathAt, 96);
        subscriptions.Clear();
        subscriptions[0] = (byte)'i';
        subscriptions[8] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(subscriptions[16..], fd);
        subscriptions[48] = (byte)'t';
        BinaryPrimitives.WriteInt32LittleEndian(subscriptions[64..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(subscriptions[72..], milliseconds * 1_000_000L);
        Assert.Equal(Errno.Success, Call("poll_oneoff", I(PathAt), I(BufferAt), I(2), I(ResultAt)));
        return string.Concat(Enumerable.Range(0, Result).Select(i => (char)_instance.Memory!.Span((uint)(BufferAt + (i * 32)), 1)[0]));
    }

    /// <summary>Stops the guest: a call under way ends.</summary>
    public void Stop() => _store.Interrupt();

    public Errno Write(int fd, int count) => Transfer("fd_write", fd, count);

    public void Dispose()
    {
        _process.Dispose();
        _store.Dispose();
    }

    private static Value I(int value) => Value.From(value);

    private Value Path(string path, int at = PathAt)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        bytes.CopyTo(_instance.Memory!.Span((uint)at, bytes.Length));
        return I(bytes.Length);
    }

    private Errno Transfer(string name, int fd, params int[] counts)
    {
        var at = BufferAt;
        for (var i = 0; i < counts.Length; i++)
        {
            var vector = _instance.Memory!.Span((uint)i * 8, 8);
            BinaryPrimitives.WriteInt32LittleEndian(vector, at);
            BinaryPrimitives.WriteInt32LittleEndian(vector[4..], counts[i]);
            at += counts[i];
        }

        return Call(name, I(fd), I(0), I(counts.Length), I(ResultAt));
    }

    private static CompiledModule Module()
    {
        var module = new ModuleWriter();
        module.Memory(64, 64);
        module.Export("memory", 2, 0);
        var types = Array.ConvertAll(
            s_functions,
            function => module.Type([.. function.Parameters.Select(static letter => letter == 'l' ? ModuleWriter.I64 : ModuleWriter.I32)], [ModuleWriter.I32]));
        for (var i = 0; i < types.Length; i++)
        {
            module.Import(WasiProcess.ModuleName, s_functions[i].Name, types[i]);
        }

        for (var i = 0; i < types.Length; i++)
        {
            var parameters = Enumerable.Range(0, s_functions[i].Parameters.Length).SelectMany(static parameter => (byte[])[0x20, (byte)parameter]);
            module.Function(types[i], [], [.. parameters, 0x10, (byte)i], s_functions[i].Name);
        }

        return CompiledModule.Compile(module.ToArray());
    }
}
