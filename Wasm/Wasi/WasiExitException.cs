namespace Wetware.Wasm.Wasi;

/// <summary>The guest called proc_exit.</summary>
public sealed class WasiExitException : Exception
{
    internal WasiExitException(uint code)
        : base($"the guest exited with code {code}") => Code = code;

    /// <summary>The exit code.</summary>
    public uint Code { get; }
}
