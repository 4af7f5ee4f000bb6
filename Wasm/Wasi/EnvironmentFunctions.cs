using System.Text;

namespace Wetware.Wasm.Wasi;

/// <summary>Arguments, environment, clocks, randomness, exit.</summary>
internal sealed class EnvironmentFunctions(WasiProcess process)
{
    private const int Realtime = 0;
    private const int Monotonic = 1;
    private const int NanosecondsPerTick = 100;

    // A piece of a large request for random bytes.
    private const int RandomBytesMax = 64 << 10;

    private readonly byte[][] _arguments = [.. process.Options.Arguments.Select(Terminated)];
    private readonly byte[][] _environment = [.. process.Options.Environment.Select(static pair => Terminated($"{pair.Key}={pair.Value}"))];
    private readonly long _start = process.Options.Clock.GetTimestamp();

    public void Define(Imports imports) => imports
        .Function(WasiProcess.ModuleName, "args_sizes_get", (Instance guest, int count, int size) => (int)Sizes(guest, _arguments, count, size))
        .Function(WasiProcess.ModuleName, "args_get", (Instance guest, int pointers, int text) => (int)Strings(guest, _arguments, pointers, text))
        .Function(WasiProcess.ModuleName, "environ_sizes_get", (Instance guest, int count, int size) => (int)Sizes(guest, _environment, count, size))
        .Function(WasiProcess.ModuleName, "environ_get", (Instance guest, int pointers, int text) => (int)Strings(guest, _environment, pointers, text))
        .Function(WasiProcess.ModuleName, "clock_res_get", (Instance guest, int clock, int result) => (int)Resolution(guest, clock, result))
        .Function(WasiProcess.ModuleName, "clock_time_get", (Instance guest, int clock, long precision, int result) => (int)Time(guest, clock, result))
        .Function(WasiProcess.ModuleName, "random_get", (Instance guest, int address, int count) => (int)Random(guest, address, count))
        .Function(WasiProcess.ModuleName, "sched_yield", () => Yield())
        .Function(WasiProcess.ModuleName, "proc_exit", (Action<int>)(code => throw new WasiExitException((uint)code)))
        .Function(WasiProcess.ModuleName, "proc_raise", (int signal) => (int)Errno.NoSys);

    /// <summary>The time of a clock in nanoseconds; null for a clock that is not offered.</summary>
    public static long? Now(TimeProvider time, int clock, long start) => clock switch
    {
        Realtime => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick,
        Monotonic => time.GetElapsedTime(start).Ticks * NanosecondsPerTick,
        _ => null,
    };

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static int Yield()
    {
        Thread.Yield();
        return (int)Errno.Success;
    }

    private static Errno Sizes(Instance guest, byte[][] strings, int count, int size)
    {
        var memory = new GuestMemory(guest);
        return memory.Write32(count, strings.Length) && memory.Write32(size, strings.Sum(static text => text.Length)) ? Errno.Success : Errno.Fault;
    }

    private static Errno Strings(Instance guest, byte[][] strings, int pointers, int text)
    {
        var memory = new GuestMemory(guest);
        foreach (var bytes in strings)
        {
            if (!memory.Write32(pointers, text) || !memory.Span(text, bytes.Length, out var target))
            {
                return Errno.Fault;
            }

            bytes.CopyTo(target);
            pointers += sizeof(int);
            text += bytes.Length;
        }

        return Errno.Success;
    }

    private static Errno Resolution(Instance guest, int clock, int result) =>
        clock is not (Realtime or Monotonic) ? Errno.Inval : new GuestMemory(guest).Write64(result, NanosecondsPerTick) ? Errno.Success : Errno.Fault;

    private Errno Time(Instance guest, int clock, int result) =>
        Now(process.Options.Clock, clock, _start) is not { } now ? Errno.Inval
        : new GuestMemory(guest).Write64(result, now) ? Errno.Success
        : Errno.Fault;

    private Errno Random(Instance guest, int address, int count)
    {
        if (!new GuestMemory(guest).Span(address, count, out var target))
        {
            return Errno.Fault;
        }

        var buffer = new byte[Math.Min(target.Length, RandomBytesMax)];
        while (target.Length > 0)
        {
            guest.Store.Stopping.ThrowIfCancellationRequested();
            process.Options.Random(buffer);
            var piece = Math.Min(buffer.Length, target.Length);
            buffer.AsSpan(0, piece).CopyTo(target);
            target = target[piece..];
        }

        return Errno.Success;
    }
}
