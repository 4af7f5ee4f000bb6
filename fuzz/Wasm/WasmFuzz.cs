using System.CommandLine;
using System.Globalization;
using Wetware.Core;
using Wetware.Tooling;
using Wetware.Wasm;

namespace Wetware.Fuzz.Wasm;

/// <summary>
/// Generated modules must run as they do under node; mutated ones must be refused or run, never crash, hang or become bad IL, and what is accepted must be
/// valid to node too.
/// </summary>
internal static class WasmFuzz
{
    public static Command Command()
    {
        var seed = new SeedOption();
        var modules = new CountOption("--modules", 2000, "How many modules are generated, and run here and under node.");
        var mutants = new CountOption("--mutants", 20_000, "How many modules are damaged.");
        var command = new Command("wasm", "The WebAssembly engine: generated modules against node's, damaged modules against the validator.") { seed, modules, mutants };
        command.SetAction(parsed => Run(seed.Of(parsed), parsed.GetValue(modules), parsed.GetValue(mutants)));
        return command;
    }

    private static int Run(ulong seed, int modules, int mutants)
    {
        Console.WriteLine($"fuzz wasm --seed {seed} --modules {modules} --mutants {mutants}");
        var failures = 0;
        var thread = GuestThread.Create(() => failures = Differ(seed, modules) + Mutate(seed, mutants), StoreOptions.Default);
        thread.Start();
        thread.Join();
        Console.WriteLine(failures == 0 ? "no difference, no crash" : $"{failures} failures");
        return failures == 0 ? 0 : 1;
    }

    private static int Differ(ulong seed, int count)
    {
        var items = new List<object>();
        var ours = new List<string>();
        var traps = 0;
        for (var i = 0; i < count; i++)
        {
            var (bytes, parameters) = Generator.Draw(seed + (ulong)i);
            using var store = new Store();
            var instance = Instance.Create(store, CompiledModule.Compile(bytes), new Imports());
            var random = new Prng(seed ^ (ulong)i);
            var said = new List<string>();
            var calls = new List<object>();
            for (var f = 0; f < parameters.Length; f++)
            {
                var values = Array.ConvertAll(parameters[f], type => Draw(ref random, type));
                said.Add(Outcome.Of(instance, $"f{f}", values));
                traps += said[^1] == "trap" ? 1 : 0;
                calls.Add(new
                {
                    name = $"f{f}",
                    result = (int)((FuncRef)instance.Export($"f{f}")!).Type.Results[0],
                    args = values.Select(static value => new object[] { (int)value.Type, value.AsI64().ToString(CultureInfo.InvariantCulture) }),
                });
            }

            said.Add(Outcome.Sum(instance.Memory!));
            ours.Add(string.Join(' ', said));
            items.Add(new { module = Convert.ToBase64String(bytes), calls });
        }

        if (NodeEngine.Run(items) is not { } theirs)
        {
            Console.WriteLine("node is not installed: results are not compared");
            return 0;
        }

        var failures = theirs.Length == count ? 0 : 1;
        for (var i = 0; i < Math.Min(count, theirs.Length); i++)
        {
            if (ours[i] != theirs[i])
            {
                failures++;
                Console.WriteLine($"differs, replay with --seed {seed + (ulong)i} --modules 1 --mutants 0\n  ours  {ours[i]}\n  node  {theirs[i]}");
            }
        }

        Console.WriteLine($"{count} modules compared with node, {ours.Sum(static line => line.Count(static c => c == ' '))} calls, {traps} traps");
        return failures;
    }

    private static Value Draw(ref Prng random, byte type)
    {
        var bits = random.Chance(0.5) ? (long)random.Next() : random.Between(-100, 100);
        return type switch
        {
            ModuleWriter.I32 => Value.From((int)bits),
            ModuleWriter.I64 => Value.From(bits),
            ModuleWriter.F32 => Value.From((float)bits),
            _ => Value.From((double)bits),
        };
    }

    private static int Mutate(ulong seed, int count)
    {
        var random = new Prng(seed);
        var accepted = new List<object>();
        var (failures, refused) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var mutant = Mutant(ref random, seed + (ulong)(i / 10));
            try
            {
                var module = CompiledModule.Compile(mutant, new CompileOptions { Fuel = true });
                accepted.Add(new { module = Convert.ToBase64String(mutant) });
                Exercise(module);
            }
            catch (ModuleException)
            {
                refused++;
            }
            catch (Exception unexpected) when (unexpected is not OutOfMemoryException)
            {
                failures++;
                Console.WriteLine($"mutant {i}: {unexpected}\n  {Convert.ToHexString(mutant)}");
            }
        }

        Console.WriteLine($"{count} mutants, {refused} refused, {accepted.Count} accepted");
        var verdicts = accepted.Count > 0 ? NodeEngine.Run(accepted) ?? [] : [];
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] != "valid")
            {
                failures++;
                Console.WriteLine($"accepted here, refused by node: {accepted[i]}");
            }
        }

        return failures;
    }

    private static byte[] Mutant(ref Prng random, ulong seed)
    {
        var bytes = Generator.Draw(seed).Module;
        for (var i = random.Between(1, 3); i > 0; i--)
        {
            var at = random.Between(8, bytes.Length - 1);
            switch (random.Below(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Between(0, 7));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next();
                    break;
                case 2:
                    bytes[at] = bytes[random.Between(8, bytes.Length - 1)];
                    break;
                default:
                    bytes[at]++;
                    break;
            }
        }

        return random.Chance(0.05) ? bytes[..random.Between(0, bytes.Length)] : bytes;
    }

    private static void Exercise(CompiledModule module)
    {
        using var store = new Store(new StoreOptions { Fuel = 100_000, MemoryPagesMax = 16, TableElementsMax = 10_000 });
        try
        {
            var instance = Instance.Create(store, module, new Imports());
            foreach (var (name, kind) in module.Exports)
            {
                if (kind == ExternKind.Function)
                {
                    var type = ((FuncRef)instance.Export(name)!).Type;
                    Call(instance, name, type);
                }
            }
        }
        catch (LinkException)
        {
            // A mutant may ask for imports, or for more than the store allows.
            Invariant.Check(store.Instances <= 1);
        }
        catch (TrapException trap)
        {
            Invariant.Check(Enum.IsDefined(trap.Kind));
        }
    }

    private static void Call(Instance instance, string name, FunctionType type)
    {
        var arguments = new Value[type.Parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = type.Parameters[i] switch
            {
                ValType.I32 => Value.From(i),
                ValType.I64 => Value.From((long)i),
                ValType.F32 => Value.From((float)i),
                ValType.F64 => Value.From((double)i),
                ValType.V128 => Value.From(System.Runtime.Intrinsics.Vector128<byte>.One),
                ValType.FuncRef => Value.From((FuncRef?)null),
                _ => Value.FromExtern(null),
            };
        }

        try
        {
            instance.Call(name, arguments);
        }
        catch (TrapException trap)
        {
            Invariant.Check(Enum.IsDefined(trap.Kind));
        }
    }
}
