namespace Wetware.Generator.Model;

/// <summary>A file that code was asked for.</summary>
/// <param name="Id">The file's node.</param>
/// <param name="Path">Its path as it was given to <c>capnp</c>.</param>
internal sealed record SchemaFile(ulong Id, string Path);
