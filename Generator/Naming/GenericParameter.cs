namespace Wetware.Generator.Naming;

/// <summary>A type parameter that a declaration has of its own or from the declarations around it.</summary>
/// <param name="ScopeId">The declaration that introduces it.</param>
/// <param name="Index">Its position there.</param>
/// <param name="Name">Its C# name, without the endings that tell reader and builder apart.</param>
/// <param name="OfInterface">
/// Whether an interface or a method introduces it. Such a parameter is a pair of C# parameters everywhere, because a call writes builders
/// and gets readers back; a parameter of a struct is one, because a reader holds readers and a builder builders.
/// </param>
internal sealed record GenericParameter(ulong ScopeId, int Index, string Name, bool OfInterface);
