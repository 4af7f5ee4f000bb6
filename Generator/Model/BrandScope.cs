namespace Wetware.Generator.Model;

/// <summary>The arguments of one declaration within a brand.</summary>
/// <param name="ScopeId">The declaration.</param>
/// <param name="Inherit">Whether the arguments are the parameters themselves, because the reference stands inside the declaration.</param>
/// <param name="Bindings">The arguments otherwise; null is an unbound one, which means AnyPointer.</param>
internal sealed record BrandScope(ulong ScopeId, bool Inherit, IReadOnlyList<SchemaType?> Bindings);
