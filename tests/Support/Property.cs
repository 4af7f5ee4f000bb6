using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Wetware.Testing;

/// <summary>
/// Runs an FsCheck property under a seed that is printed first, so that a failure is replayed with
/// <c>WW_SEED=... dotnet test --filter-method "*Name"</c>. <c>WW_CASES</c> overrides the number of cases.
/// </summary>
internal static class Property
{
    public static void Check<T>(Arbitrary<T> values, Func<T, bool> holds, int cases = 200) =>
        Run(Prop.ForAll(values, holds), cases);

    public static void Check<T>(Gen<T> values, Func<T, bool> holds, int cases = 200) =>
        Check(Arb.From(values), holds, cases);

    /// <summary>For bodies that assert: any exception is a counterexample.</summary>
    public static void Check<T>(Arbitrary<T> values, Action<T> asserts, int cases = 200) =>
        Run(Prop.ForAll(values, asserts), cases);

    public static void Check<T>(Gen<T> values, Action<T> asserts, int cases = 200) =>
        Check(Arb.From(values), asserts, cases);

    /// <summary>A seed for tests that draw from a <see cref="Wetware.Core.Prng"/> of their own: printed, and taken from WW_SEED when set.</summary>
    public static ulong Seed()
    {
        var text = Environment.GetEnvironmentVariable("WW_SEED");
        var seed = string.IsNullOrEmpty(text)
            ? (ulong)Random.Shared.NextInt64()
            : ulong.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        Announce(seed);
        return seed;
    }

    private static void Run(FsCheck.Property property, int cases)
    {
        var seed = Seed();
        if (int.TryParse(Environment.GetEnvironmentVariable("WW_CASES"), out var wanted))
        {
            cases = wanted;
        }

        // FsCheck wants an odd gamma; deriving both halves from one number keeps the replay to one variable.
        var replay = new Replay(new Rnd(seed, (seed * 2) | 1), FSharpOption<int>.None);
        var config = Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(FSharpOption<Replay>.Some(replay));
        try
        {
            FsCheck.Check.One(config, property);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"property failed; replay with WW_SEED={seed}\n{failure.Message}", failure);
        }
    }

    private static void Announce(ulong seed)
    {
        var name = TestContext.Current.Test?.TestDisplayName ?? "test";
        TestContext.Current.SendDiagnosticMessage($"{name}: WW_SEED={seed}");
        TestContext.Current.TestOutputHelper?.WriteLine($"WW_SEED={seed}");
    }
}
