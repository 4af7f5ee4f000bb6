namespace Wetware.Wasm.Wasi;

/// <summary>A folder that a guest may use. It sees the folder under a name of its own, and nothing outside it.</summary>
/// <param name="GuestPath">What the guest calls it, "/" for one.</param>
/// <param name="HostPath">The folder on this machine.</param>
/// <param name="Writable">Whether the guest may change what is in it.</param>
public sealed record Preopen(string GuestPath, string HostPath, bool Writable);
