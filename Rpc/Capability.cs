using System.Diagnostics.CodeAnalysis;
using Wetware.Capnp;
using Wetware.Rpc.Hooks;

namespace Wetware.Rpc;

/// <summary>
/// A counted reference to an object that answers calls, here, in another process, or not yet known. Holding one is the
/// permission to call. Dispose it once; disposing again does nothing. Safe to use from any thread; calls that one
/// thread makes through one reference arrive in that order.
/// </summary>
public sealed class Capability : ICapability
{
    // Stands for every null pointer; disposing it does nothing.
    private static readonly Capability s_null = new(BrokenHook.Null());

    private readonly LeakDetector.Watch? _watch;
    private ClientHook? _hook;

    internal Capability(ClientHook hook)
    {
        _hook = hook;
        _watch = LeakDetector.Begin(hook);
    }

    /// <summary>Whether this is the null capability: what a null pointer in a message reads as.</summary>
    public bool IsNull => Hook.Innermost() is BrokenHook { IsNull: true };

    /// <summary>Whether it is known what this points at; false for a promise.</summary>
    public bool IsSettled => !Hook.Innermost().IsUnsettled;

    /// <summary>The error that every call meets; null if none is known.</summary>
    public RpcException? Error => Hook.Innermost().Error;

    internal ClientHook Hook => Volatile.Read(ref _hook) ?? throw new ObjectDisposedException(nameof(Capability));

    /// <summary>A reference to a local object.</summary>
    /// <param name="server">Disposed with the last reference, if it is disposable.</param>
    public static Capability Serve(ICapabilityServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new Capability(new LocalHook(server));
    }

    /// <summary>A reference whose every call fails.</summary>
    public static Capability Broken(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new Capability(new BrokenHook(error));
    }

    /// <summary>A reference to nothing: every call fails, and in a message it is a null pointer.</summary>
    public static Capability Null() => new(BrokenHook.Null());

    /// <summary>A reference to whatever <paramref name="promise"/> yields; calls wait for it in order.</summary>
    /// <param name="promise">Its result's ownership passes to the reference.</param>
    public static Capability FromTask(Task<Capability> promise)
    {
        ArgumentNullException.ThrowIfNull(promise);
        var source = new CapabilityPromise();
        var capability = source.Capability.AddRef();
        _ = SettleAsync(source, promise);
        return capability;
    }

    /// <summary>Another reference to the same thing, to be disposed on its own.</summary>
    public Capability AddRef() => new(Hook.AddReference());

    ICapability ICapability.AddReference() => AddRef();

    /// <summary>Follows a capability pointer of a message; generated readers do.</summary>
    /// <returns>Borrowed from the message; the null capability if there is none.</returns>
    public static Capability Read(PointerReader pointer) => pointer.GetCapability() as Capability ?? s_null;

    /// <summary>Lets a capability pointer of a message point at a capability; generated builders do.</summary>
    /// <param name="pointer">Where.</param>
    /// <param name="capability">Borrowed: the message gets a reference of its own.</param>
    public static void Write(PointerBuilder pointer, Capability? capability)
    {
        if (capability is null || capability.IsNull)
        {
            pointer.Clear();
        }
        else
        {
            pointer.SetCapability(capability.AddRef());
        }
    }

    /// <summary>Whether both point at the same object, as far as is known now.</summary>
    public bool IsSame(Capability other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ReferenceEquals(Hook.Innermost(), other.Hook.Innermost());
    }

    /// <summary>The local object behind this reference, if it is a settled reference to one of this type in this process.</summary>
    public bool TryGetServer<TServer>([NotNullWhen(true)] out TServer? server)
        where TServer : class
    {
        server = (Hook.Innermost() as LocalHook)?.Server as TServer;
        return server is not null;
    }

    /// <summary>Completes when it is known what this points at; a broken promise completes too (see <see cref="Error"/>).</summary>
    public Task WhenSettledAsync() => SettleWaiter.For(Hook);

    /// <summary>
    /// Completes when every streaming call made through this reference so far has been answered: a sender that returns
    /// before that has said that everything was sent, not that it arrived.
    /// </summary>
    /// <exception cref="RpcException">A call of the stream failed.</exception>
    public Task WhenStreamIdleAsync() => Hook.WhenStreamIdleAsync();

    /// <summary>Starts a request; the generated clients' entry.</summary>
    /// <param name="interfaceId">The interface that declares the method.</param>
    /// <param name="methodId">The method's ordinal.</param>
    public Request NewRequest(ulong interfaceId, ushort methodId) => Request.Start(Hook, interfaceId, methodId);

    /// <summary>Gives the reference back.</summary>
    public void Dispose()
    {
        if (!ReferenceEquals(this, s_null) && Interlocked.Exchange(ref _hook, null) is { } hook)
        {
            hook.Release();
            _watch?.Dispose();
        }
    }

    private static async Task SettleAsync(CapabilityPromise source, Task<Capability> promise)
    {
        using (source)
        {
            try
            {
                using var settled = await promise.ConfigureAwait(false);
                source.Resolve(settled);
            }
            catch (Exception error)
            {
                source.Reject(RpcException.From(error));
            }
        }
    }
}
