namespace Wetware.Capnp;

/// <summary>What can be read from a pointer: structs, lists, text, data, capabilities, and the bare pointer itself.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IPointerReader<TSelf>
    where TSelf : IPointerReader<TSelf>
{
    /// <summary>Follows a pointer. A null pointer reads as the empty value of the type.</summary>
    /// <exception cref="DecodeException">The pointer is malformed, or refers to something else.</exception>
    static abstract TSelf Read(PointerReader pointer);
}
