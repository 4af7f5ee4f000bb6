namespace Wetware.Rpc;

/// <summary>
/// Tells traces and metrics how an interface of a schema and its methods are called there. Generated code carries one for each interface;
/// it is read only once somebody listens to <see cref="RpcTelemetry"/>.
/// </summary>
/// <param name="id">The id of the interface.</param>
/// <param name="name">Its name in the schema, with the scopes around it.</param>
/// <param name="methods">The names of its own methods in the schema, by ordinal.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class RpcInterfaceAttribute(ulong id, string name, params string[] methods) : Attribute
{
    /// <summary>The id of the interface.</summary>
    public ulong Id => id;

    /// <summary>Its name in the schema, with the scopes around it.</summary>
    public string Name => name;

    /// <summary>The names of its own methods in the schema, by ordinal.</summary>
    public IReadOnlyList<string> Methods => methods;
}
