namespace Wetware.Fuzz.Rpc;

/// <summary>
/// Two and three vats through random schedules (see <see cref="Model"/>), with and without a line that is cut. The canary lets
/// messages overtake one another, and must be caught.
/// </summary>
internal static class VatFuzz
{
    private const int TriesMax = 4000;

    /// <summary>Runs schedules of that many seeds, or only some steps of each.</summary>
    public static int Run(ulong seed, ulong cases, bool isCanary, IReadOnlyList<int>? steps)
    {
        Console.WriteLine($"fuzz rpc vats --seed {seed} --cases {cases}{(isCanary ? " --canary" : "")}");
        for (var i = 0UL; i < cases; i++)
        {
            try
            {
                One(seed + i, isCanary, steps ?? Enumerable.Range(0, Model.StepsOf(seed + i)));
            }
            catch (Exception failure)
            {
                if (isCanary)
                {
                    Console.WriteLine($"rpc vats: the canary died as it should, after {i} cases: {failure.Message}");
                    return 0;
                }

                Console.WriteLine($"FAIL; replay with: dotnet run -c Release --project fuzz -- rpc vats --seed {seed + i} --cases 1\n{failure}");
                var needed = Shrink(seed + i, isCanary);
                Console.WriteLine($"of its steps these are enough: add --steps {string.Join(',', needed)}");
                return 1;
            }
        }

        Console.WriteLine(isCanary ? "rpc vats: the canary lives, so broken order goes unnoticed" : "rpc vats: held");
        return isCanary ? 1 : 0;
    }

    /// <summary>The steps of a failing schedule that are enough to fail.</summary>
    public static List<int> Shrink(ulong seed, bool isCanary) => Shrinker.Shrink(Model.StepsOf(seed), steps => Fails(seed, isCanary, steps), TriesMax);

    private static bool Fails(ulong seed, bool isCanary, IEnumerable<int> steps)
    {
        try
        {
            One(seed, isCanary, steps);
            return false;
        }
        catch (Exception)
        {
            // Whatever went wrong: a shorter schedule may show the same fault elsewhere.
            return true;
        }
    }

    private static void One(ulong seed, bool isCanary, IEnumerable<int> steps)
    {
        using var model = new Model(seed, 2 + (int)(seed / 2 % 2), isCanary);
        model.Run(steps, cutsLines: seed % 2 == 1 && !isCanary);
    }
}
