using System.Runtime.CompilerServices;
using Wetware.Core;

namespace Wetware.Wasm;

/// <summary>Threads whose stack is known to hold a guest's nested calls and, below them, what the host needs.</summary>
public static unsafe class GuestThread
{
    /// <summary>
    /// Stack below a guest's limit: the JIT compiling a callee, an exception being thrown, a host function, and one guest frame that was
    /// just above the limit all run there.
    /// </summary>
    public const int HeadroomBytes = 512 << 10;

    /// <summary>Stack that the thread has used before a guest starts.</summary>
    private const int StartBytes = 64 << 10;

    [ThreadStatic]
    private static nuint _floor;

    /// <summary>Makes a thread on which a store of <paramref name="options"/> has all of its <see cref="StoreOptions.StackBytes"/>; the caller starts it.</summary>
    public static Thread Create(Action body, StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(options);
        var size = options.StackBytes + HeadroomBytes + StartBytes;
        return new Thread(() => Run(body, size), size) { IsBackground = true, Name = "guest" };
    }

    /// <summary>The lowest address at which a guest's frame may begin on this thread.</summary>
    internal static nuint Limit(int stackBytes)
    {
        byte here;
        var top = (nuint)(&here);
        if (_floor == 0)
        {
            return top - (nuint)Math.Min(stackBytes, StoreOptions.ForeignStackBytesMax);
        }

        return Math.Max(_floor + HeadroomBytes, top - (nuint)stackBytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run(Action body, int size)
    {
        byte here;
        _floor = (nuint)(&here) - (nuint)size + StartBytes;
        Invariant.Check(_floor < (nuint)(&here));
        body();
    }
}
