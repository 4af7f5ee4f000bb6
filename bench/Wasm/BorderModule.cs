using Wetware.Wasm;

namespace Wetware.Bench.Wasm;

/// <summary>
/// A small module: imports add (i32 i32 -> i32) from "host"; exports calls (n: calls the import n times on its own result), add, and spin, which loops for ever.
/// </summary>
internal static class BorderModule
{
    public static byte[] Bytes { get; } = Convert.FromBase64String(
        "AGFzbQEAAAABDwNgAn9/AX9gAX8Bf2AAAAIMAQRob3N0A2FkZAAAAwQDAQACBxYDBWNhbGxzAAEDYWRkAAIEc3BpbgADCiwDGgEBfwNAIAEgABAAIQEgAEEBayIADQALIAELBwAgACABagsHAANADAALCw==");

    public static Imports Imports() => new Imports().Function("host", "add", static (int a, int b) => a + b);
}
