namespace Wetware.Generator.Model;

/// <summary>Ids of declarations that mean something to the generator itself.</summary>
internal static class WellKnownIds
{
    /// <summary>stream.capnp's StreamResult: the result type of <c>-> stream</c>.</summary>
    public const ulong StreamResult = 0x995f9a3377c0b16e;

    /// <summary>schemas/csharp.capnp's <c>namespace</c>.</summary>
    public const ulong CSharpNamespace = 0xeb0d831668c6eda0;

    /// <summary>schemas/csharp.capnp's <c>name</c>.</summary>
    public const ulong CSharpName = 0xeb0d831668c6eda1;
}
