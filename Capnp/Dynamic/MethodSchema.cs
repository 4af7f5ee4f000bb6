namespace Wetware.Capnp.Dynamic;

/// <summary>A method.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ParamsId">The id of the struct of its parameters.</param>
/// <param name="ResultsId">The id of the struct of its results.</param>
public sealed record MethodSchema(string Name, ulong ParamsId, ulong ResultsId);
