namespace Wetware.Rpc;

/// <summary>A typed view of a <see cref="Capability"/>. Generated for each interface; a plain value that owns nothing of its own.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface ICapabilityClient<TSelf> : IDisposable
    where TSelf : struct, ICapabilityClient<TSelf>
{
    /// <summary>The id of the interface.</summary>
    static abstract ulong InterfaceId { get; }

    /// <summary>The reference that calls go through.</summary>
    Capability Capability { get; }

    /// <summary>Looks at a reference as this interface. Whether the object has the interface shows when it is called.</summary>
    static abstract TSelf From(Capability capability);
}
