namespace Wetware.Fuzz.Rpc;

/// <summary>
/// Two and three vats through random schedules (see <see cref="Model"/>), with and without a line that is cut. The canary lets
/// messages overtake one another, and must be caught.
/// </summary>
internal static class VatFuzz
{
    private const ulong CanaryCases = 200;

    public static int Run(string[] arguments)
    {
        var isCanary = arguments.Contains("--canary");
        var seed = RpcFuzz.Option(arguments, "--seed") ?? (ulong)Random.Shared.NextInt64();
        var cases = RpcFuzz.Option(arguments, "--cases") ?? (isCanary ? CanaryCases : 20_000);
        Console.WriteLine($"fuzz rpc vats --seed {seed} --cases {cases}{(isCanary ? " --canary" : "")}");
        for (var i = 0UL; i < cases; i++)
        {
            try
            {
                One(seed + i, isCanary);
            }
            catch (Exception failure)
            {
                if (isCanary)
                {
                    Console.WriteLine($"rpc vats: the canary died as it should, after {i} cases: {failure.Message}");
                    return 0;
                }

                Console.WriteLine($"FAIL; replay with: dotnet run -c Release --project fuzz -- rpc vats --seed {seed + i} --cases 1\n{failure}");
                return 1;
            }
        }

        Console.WriteLine(isCanary ? "rpc vats: the canary lives, so broken order goes unnoticed" : "rpc vats: held");
        return isCanary ? 1 : 0;
    }

    private static void One(ulong seed, bool isCanary)
    {
        using var model = new Model(seed, 2 + (int)(seed / 2 % 2), isCanary);
        model.Run(20 + (int)(seed % 600), cutsLines: seed % 2 == 1 && !isCanary);
    }
}
