namespace Wetware.Capnp;

/// <summary>The type with one value.</summary>
public readonly record struct Void;
