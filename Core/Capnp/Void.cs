namespace Wetware.Core.Capnp;

/// <summary>The type with one value.</summary>
public readonly record struct Void;
