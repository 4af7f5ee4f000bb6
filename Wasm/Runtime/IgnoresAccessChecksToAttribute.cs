namespace System.Runtime.CompilerServices;

/// <summary>The runtime looks for an attribute of this name: an assembly that carries it may use the internals of the assembly it names.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
