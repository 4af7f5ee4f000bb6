namespace Wetware.Wasm.Wasi;

/// <summary>Something a guest has open. What a kind cannot do is refused by the methods here.</summary>
internal abstract class Descriptor
{
    /// <summary>The flag of a descriptor whose reads say EAGAIN instead of waiting.</summary>
    protected const int NonBlocking = 4;

    /// <summary>Raised, from any thread, when it may have become ready. What is always ready never raises it.</summary>
    public virtual event Action? Changed
    {
        add { }
        remove { }
    }

    public abstract FileType Type { get; }

    /// <summary>The flags that fd_fdstat_get reports: append is 1, non-blocking 4.</summary>
    public int Flags { get; set; }

    public virtual bool CanRead => true;

    public virtual bool CanWrite => true;

    /// <summary>Called before a wait for input: starts whatever it takes to know when there is some.</summary>
    public virtual void Prepare()
    {
    }

    public virtual Errno Read(Span<byte> destination, CancellationToken stopping, out int count)
    {
        count = 0;
        return Errno.BadF;
    }

    public virtual Errno Write(ReadOnlySpan<byte> source, CancellationToken stopping, out int count)
    {
        count = 0;
        return Errno.BadF;
    }

    public virtual void Close()
    {
    }
}
