using FsCheck;
using FsCheck.Fluent;
using Wetware.Fuzz.Linearizability;
using Wetware.Fuzz.Raft;

namespace Wetware.Fuzz.Programs;

/// <summary>Generated programs. Every value is written once, so that an answer tells which write it saw; swaps expect what some client may have written.</summary>
internal static class Programs
{
    private const int ClientsMax = 5;
    private const int CallsMax = 8;

    /// <summary>A register: the map with one key.</summary>
    public static Arbitrary<ConcurrentProgram<KeyValueCall>> Register { get; } = Of(MapCall(keys: 1));

    public static Arbitrary<ConcurrentProgram<KeyValueCall>> Map { get; } = Of(MapCall(keys: 3));

    public static Arbitrary<ConcurrentProgram<QueueCall>> Queue { get; } = Of<QueueCall>((client, at) =>
        Gen.Elements(QueueCall.Enqueue(Value(client, at)), QueueCall.Dequeue()));

    private static Func<int, int, Gen<KeyValueCall>> MapCall(int keys) => (client, at) =>
        from key in Gen.Choose(0, keys - 1).Select(k => ((char)('a' + k)).ToString())
        from verb in Gen.Frequency((4, Gen.Constant(0)), (4, Gen.Constant(1)), (2, Gen.Constant(2)))
        from other in Gen.Choose(0, ClientsMax - 1)
        from earlier in Gen.Choose(-1, CallsMax - 1)
        let expected = earlier < 0 ? "" : MapMachine.Text(Value(other, earlier))
        select verb switch
        {
            0 => KeyValueCall.Get(key),
            1 => KeyValueCall.Put(key, MapMachine.Text(Value(client, at))),
            _ => KeyValueCall.CompareAndSwap(key, expected, MapMachine.Text(Value(client, at))),
        };

    private static long Value(int client, int at) => (client * 100) + at + 1;

    private static Arbitrary<ConcurrentProgram<TCall>> Of<TCall>(Func<int, int, Gen<TCall>> call)
    {
        var program =
            from seed in Gen.Choose(0, int.MaxValue)
            from clients in Gen.Choose(1, ClientsMax)
            from calls in Gen.CollectToList(Enumerable.Range(0, clients), client => Calls(client, call))
            select new ConcurrentProgram<TCall>((ulong)seed, [.. calls]);
        return Arb.From(program, Shrink);
    }

    private static Gen<TCall[]> Calls<TCall>(int client, Func<int, int, Gen<TCall>> call) =>
        from count in Gen.Choose(1, CallsMax)
        from calls in Gen.CollectToList(Enumerable.Range(0, count), at => call(client, at))
        select calls.ToArray();

    /// <summary>Without a client, or without one call of one; the world stays.</summary>
    private static IEnumerable<ConcurrentProgram<TCall>> Shrink<TCall>(ConcurrentProgram<TCall> program)
    {
        for (var client = 0; program.Clients.Length > 1 && client < program.Clients.Length; client++)
        {
            yield return program with { Clients = [.. program.Clients.Where((_, i) => i != client)] };
        }

        for (var client = 0; client < program.Clients.Length; client++)
        {
            for (var at = 0; program.Clients[client].Length > 1 && at < program.Clients[client].Length; at++)
            {
                TCall[] shorter = [.. program.Clients[client].Where((_, i) => i != at)];
                yield return program with { Clients = [.. program.Clients.Select((calls, i) => i == client ? shorter : calls)] };
            }
        }
    }
}
