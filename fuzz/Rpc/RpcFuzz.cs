using System.Globalization;

namespace Wetware.Fuzz.Rpc;

/// <summary>Chooses between the two fuzzers of the RPC protocol: what vats do, and what they are sent.</summary>
internal static class RpcFuzz
{
    public static int Run(string[] arguments) => arguments switch
    {
        ["smoke"] => Math.Max(Math.Max(VatFuzz.Run(["--cases", "400"]), VatFuzz.Run(["--canary"])), FrameFuzz.Run(["--sessions", "100"])),
        ["vats", .. var rest] => VatFuzz.Run(rest),
        ["frames", .. var rest] => FrameFuzz.Run(rest),
        _ => Usage(),
    };

    /// <summary>The number after an option; null if it is not given.</summary>
    public static ulong? Option(string[] arguments, string name)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? ulong.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : null;
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: fuzz rpc vats [--seed S] [--cases N] [--steps I,J,...] [--canary] | frames [--seed S] [--sessions N] | smoke");
        return 2;
    }
}
