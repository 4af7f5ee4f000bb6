namespace Wetware.Host.Services.Processes;

/// <summary>The limits of programs; each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Executors that lie within one another, each leased from the one before; a program needs one for each node.</summary>
    public const int ExecutorDepthMax = 16;

    /// <summary>Executors that one program leases: one for each node that it starts programs on.</summary>
    public const int ProcessLeasesMax = 1_024;

    /// <summary>Bytes of a page of WebAssembly's memory.</summary>
    public const int WasmPageBytes = 64 << 10;

    /// <summary>Characters of the arguments and the environment of a program together: what Linux gives a program of its own, about.</summary>
    public const int ProcessTextMax = 1 << 20;
}
