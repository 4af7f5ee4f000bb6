namespace Wetware.Capnp;

/// <summary>
/// A counted reference to an object that can be called, as far as the encoding knows: it stands in a message's
/// capability table, is referenced again when a message is copied, and disposed when its message is cleared.
/// </summary>
public interface ICapability : IDisposable
{
    /// <summary>Another reference to the same object, to be disposed on its own.</summary>
    ICapability AddReference();
}
