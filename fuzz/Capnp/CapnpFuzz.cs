using System.Buffers;
using System.CommandLine;
using System.Globalization;
using Wetware.Capnp;
using Wetware.Capnp.Dynamic;
using Wetware.Capnp.Json;
using Wetware.Capnp.Text;
using Wetware.Tooling;

namespace Wetware.Fuzz.Capnp;

/// <summary>
/// Damaged messages, packed streams, schemas, JSON and text: whatever comes, only <see cref="DecodeException"/> and
/// <see cref="SchemaException"/> are thrown, memory stays bounded, and what can be read survives a copy, the canonical form and packing.
/// </summary>
internal static class CapnpFuzz
{
    // 64 Ki words may be read of a message, a few times over, and be copied; this bounds what one case may allocate.
    private const long CaseBytesMax = 64 * 1024 * 1024;

    private static readonly ReaderLimits ReadLimits = new() { TraversalWordsMax = 64 * 1024 };

    private static readonly SchemaRegistry Small = SchemaRegistry.Load(SmallSchema.Request());

    public static Command Command()
    {
        var seed = new SeedOption();
        var cases = new CountOption("--cases", 200_000, "How many messages are damaged.");
        var canary = new CanaryOption();
        var command = new Command("capnp", "Damaged messages, packed streams, schemas, JSON and text, which the encoding must survive.") { seed, cases, canary };
        command.SetAction(parsed => Run(seed.Of(parsed), (ulong)parsed.GetValue(cases), parsed.GetValue(canary)));
        return command;
    }

    private static int Run(ulong seed, ulong cases, bool isCanary)
    {
        Console.WriteLine($"fuzz capnp --seed {seed} --cases {cases}");
        var refused = 0UL;
        for (var i = 0UL; i < cases; i++)
        {
            try
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                refused += One(seed + i) ? 0UL : 1;
                if (isCanary && i == cases / 2)
                {
                    throw new InvalidOperationException("the canary died as it should");
                }

                var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
                if (bytes > CaseBytesMax)
                {
                    throw new InvalidOperationException($"one case allocated {bytes} bytes");
                }
            }
            catch (Exception error)
            {
                Console.WriteLine($"FAIL; replay with: dotnet run -c Release --project fuzz -- capnp --seed {seed + i} --cases 1\n{error}");
                return isCanary ? 0 : 1;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases} cases, {refused} of them refused"));
        return isCanary ? 1 : 0;
    }

    /// <summary>Runs one case; returns whether its message could be read to the end.</summary>
    private static bool One(ulong seed)
    {
        var mutator = new Mutator(seed);
        var words = 1 + (int)(seed % 61);
        using var message = seed % 3 == 0 ? new MessageBuilder() : new MessageBuilder(words, words);
        var grower = new MessageGrower(seed);
        grower.Grow(message.Root, 5);
        var isRead = Survives(() => Frame(mutator.Mutate(message.ToArray()), grower));
        _ = Survives(() => Packed(message, mutator));
        _ = Survives(() => SchemaRegistry.Load(mutator.Mutate(SmallSchema.Request()), ReadLimits));
        _ = Survives(() => Codecs(mutator));
        return isRead;
    }

    private static void Frame(byte[] frame, MessageGrower grower)
    {
        using var reader = new MessageReader(ReadLimits);
        reader.Open(frame);
        var digest = MessageWalker.Digest(reader.Root);
        reader.ResetBudget();
        using var copy = new MessageBuilder(7, 9);
        copy.Root.Set(reader.Root);
        Check(MessageWalker.Digest(copy.AsReader()) == digest, "a copy differs");
        using var again = new MessageReader();
        again.Open(copy.ToArray());
        Check(MessageWalker.Digest(again.Root) == digest, "a copy reads back differently");
        if (again.Root.Kind == PointerKind.Struct)
        {
            Canonicalize(again);
        }

        grower.Operate(copy);
        again.Open(copy.ToArray());
        _ = MessageWalker.Digest(again.Root);
    }

    private static void Canonicalize(MessageReader message)
    {
        byte[] canonical;
        try
        {
            canonical = Canonical.Encode(message.Root.GetStruct());
        }
        catch (DecodeException)
        {
            // It holds a capability; not every message has a canonical form.
            return;
        }

        using var reader = new MessageReader();
        reader.OpenSegment(canonical);
        Check(Canonical.IsCanonical(reader), "the canonical form is not canonical");
    }

    private static void Packed(MessageBuilder message, Mutator mutator)
    {
        var output = new ArrayBufferWriter<byte>();
        message.WritePackedTo(output);
        using var reader = new MessageReader(ReadLimits);
        Check(reader.OpenPacked(output.WrittenMemory) == output.WrittenCount, "packing lost something");
        Check(MessageWalker.Digest(reader.Root) == MessageWalker.Digest(message.AsReader()), "packing changed something");
        reader.OpenPacked(mutator.Mutate(output.WrittenSpan));
        _ = MessageWalker.Digest(reader.Root);
    }

    private static void Codecs(Mutator mutator)
    {
        var schema = Small.GetStruct(SmallSchema.Id);
        using var message = new MessageBuilder();
        const string Json = """{"n": -5, "t": "a\u00e9\"b", "s": {"n": 1, "d": [1, 2, 255]}, "l": [{"t": "x"}, {"f": [1.5, "NaN", 1e300]}]}""";
        const string Notation = """(n = -5, t = "a\xc3\xa9\"b", s = (n = 1, d = 0x"01 02 ff"), l = [(t = "x"), (f = [1.5, nan, 1e300])])""";
        _ = Survives(() => JsonCodec.Decode(mutator.Mutate(Json), DynamicStructBuilder.InitRoot(message, schema)));
        var decoded = new DynamicStructReader(schema, message.AsReader().GetStruct());
        _ = JsonCodec.Encode(decoded);
        _ = Survives(() => TextCodec.Decode(mutator.Mutate(Notation), DynamicStructBuilder.InitRoot(message, schema)));
        _ = TextCodec.Encode(new DynamicStructReader(schema, message.AsReader().GetStruct()));
    }

    private static bool Survives(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (error is DecodeException or SchemaException)
        {
            return false;
        }
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
