using System.Diagnostics;
using System.Runtime.CompilerServices;
using Wetware.Wasm.Wasi;

namespace Wetware.Wasm.Tests;

public class InterruptTests
{
    [Fact]
    public void A_loop_stops_soon_after_the_kill()
    {
        var instance = Guests.Instantiate(Guests.Misbehaving());
        using var running = new ManualResetEventSlim();
        var kind = TrapKind.Unreachable;
        var guest = new Thread(() =>
        {
            // Compiled before the clock starts.
            instance.Call("div", Value.From(4), Value.From(2));
            running.Set();
            kind = Guests.TrapOf(() => instance.Call("spin"));
        });
        guest.Start();
        running.Wait();
        Thread.Yield();
        var start = Stopwatch.GetTimestamp();
        instance.Store.Interrupt();
        guest.Join();
        Assert.Equal(TrapKind.Interrupted, kind);
        // Ten milliseconds is the promise on an idle machine; a loaded one also has to schedule the thread and load the stack trace.
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
        Assert.Equal(TrapKind.Interrupted, Guests.TrapOf(() => instance.Call("recurse", Value.From(1))));
    }

    [Fact]
    public void A_guest_that_waits_in_the_host_stops_too()
    {
        using var socket = new MemorySocket(16);
        using var process = new WasiProcess(new WasiOptions { Socket = socket });
        var instance = Guests.Instantiate(Guests.Program("echo"), imports: process.Define(new Imports()));
        var kind = TrapKind.Unreachable;
        var guest = new Thread(() => kind = Guests.TrapOf(() => WasiProcess.Run(instance)));
        guest.Start();
        socket.AwaitReader();
        instance.Store.Interrupt();
        guest.Join();
        Assert.Equal(TrapKind.Interrupted, kind);
    }

    [Fact]
    public void Code_is_unloaded_with_its_last_instance()
    {
        var modules = Enumerable.Range(0, 20).Select(static _ => RunOne()).ToArray();
        for (var i = 0; i < 20 && modules.Any(static module => module.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(modules, static module => module.IsAlive);
    }

    [Fact]
    public void A_cache_compiles_once_and_drops_the_least_recently_used()
    {
        var bytes = Guests.Misbehaving();
        var one = CompiledModule.Compile(bytes).SizeBytes;
        var cache = new ModuleCache((one * 2) + (one / 2));
        var found = new CompiledModule[8];
        Parallel.For(0, found.Length, i => found[i] = cache.Get("a", bytes));
        Assert.Equal(1, cache.Compilations);
        Assert.All(found, module => Assert.Same(found[0], module));

        cache.Get("b", bytes);
        cache.Get("a", bytes);
        cache.Get("c", bytes);
        Assert.Equal(3, cache.Compilations);
        Assert.Same(found[0], cache.Get("a", bytes));
        Assert.Equal(one * 2, cache.Bytes);
        cache.Get("b", bytes);
        Assert.Equal(4, cache.Compilations);
    }

    [Fact]
    public void A_cache_forgets_what_it_had_to_refuse()
    {
        var cache = new ModuleCache(1 << 20);
        Assert.Throws<ModuleException>(() => cache.Get(new byte[] { 1, 2, 3 }));
        Assert.Throws<ModuleException>(() => cache.Get(new byte[] { 1, 2, 3 }));
        Assert.Equal(0, cache.Bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunOne()
    {
        var instance = Guests.Instantiate(Guests.Misbehaving());
        Assert.Equal(5, instance.Function<Func<int, int>>("recurse")!(5));
        instance.Store.Dispose();
        return new WeakReference(instance.Module.Code.Type.Assembly);
    }
}
