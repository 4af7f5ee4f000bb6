using Wetware.Capnp;

namespace Wetware.Rpc;

/// <summary>The results of a streaming method: the empty struct of stream.capnp.</summary>
public static class StreamResult
{
    /// <summary>Reads nothing.</summary>
    /// <param name="raw">The struct without its type.</param>
    public readonly struct Reader(StructReader raw) : IStructReader<Reader>
    {
        /// <inheritdoc/>
        public StructReader Raw => raw;

        /// <inheritdoc/>
        public static Reader Wrap(StructReader raw) => new(raw);

        /// <inheritdoc/>
        public static Reader Read(PointerReader pointer) => new(pointer.GetStruct());
    }

    /// <summary>Writes nothing.</summary>
    /// <param name="raw">The struct without its type.</param>
    public readonly struct Builder(StructBuilder raw) : IStructBuilder<Builder>
    {
        /// <inheritdoc/>
        public static StructSize Size => default;

        /// <inheritdoc/>
        public StructBuilder Raw => raw;

        /// <inheritdoc/>
        public static Builder Wrap(StructBuilder raw) => new(raw);

        /// <inheritdoc/>
        public static Builder Get(PointerBuilder pointer) => new(pointer.GetStruct(Size));
    }
}
