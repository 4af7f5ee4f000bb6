using System.Buffers;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Wetware.Capnp;
using Wetware.Tooling;

namespace Wetware.Bench.Capnp;

/// <summary>
/// Encoding and decoding an address book of a thousand persons, on one thread: build, write, open and read, plain and packed; beside C++ where
/// g++ and libcapnp-dev are installed. Fails if a stage allocates in steady state or a sum is wrong. Times are the best of several batches.
/// </summary>
internal static class AddressBookBench
{
    /// <summary>Short batches and many of them: the best one is rarely interrupted, even on a busy machine.</summary>
    private const int RoundsOfBatch = 5;

    public static Command Command() => SmokeOption.Command("capnp", "The encoding: an address book built, written and read, plain and packed, beside C++.", Run);

    private static int Run(bool isSmoke)
    {
        var batches = isSmoke ? 20 : 1500;
        using var builder = new MessageBuilder();
        using var reader = new MessageReader();
        var plain = new PooledOutput();
        var packed = new PooledOutput();
        // The first message grows segment by segment; after it they settle in one.
        AddressBookWork.Build(builder);
        builder.Reset();
        AddressBookWork.Build(builder);
        builder.WriteTo(plain);
        builder.WritePackedTo(packed);
        reader.Open(plain.Written);
        var sum = AddressBookWork.Read(reader);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"address book of {AddressBookWork.Persons} persons: {plain.Written.Length} bytes, packed {packed.Written.Length}, sum {sum}"));

        var frame = plain.Written.ToArray();
        var packedFrame = packed.Written.ToArray();
        var isClean = true;
        isClean &= Measure("build (string)", batches, () =>
        {
            builder.Reset();
            AddressBookWork.Build(builder);
            return sum;
        });
        isClean &= Measure("build", batches, () =>
        {
            builder.Reset();
            AddressBookWork.BuildFromUtf8(builder);
            return sum;
        });
        isClean &= Measure("read", batches, () =>
        {
            reader.Open(frame);
            return AddressBookWork.Read(reader);
        });
        isClean &= Measure("all four", batches, () =>
        {
            builder.Reset();
            AddressBookWork.BuildFromUtf8(builder);
            plain.Clear();
            builder.WriteTo(plain);
            reader.Open(plain.Written);
            return AddressBookWork.Read(reader);
        });
        isClean &= Measure("packed write", batches, () =>
        {
            builder.Reset();
            AddressBookWork.BuildFromUtf8(builder);
            packed.Clear();
            builder.WritePackedTo(packed);
            return sum;
        });
        isClean &= Measure("packed read", batches, () =>
        {
            reader.OpenPacked(packedFrame);
            return AddressBookWork.Read(reader);
        });
        if (!isSmoke)
        {
            Rival.Run("addressbook");
        }

        return isClean ? 0 : 1;

        bool Measure(string name, int count, Func<long> stage)
        {
            // Warm until the compiler has had time for its second look at the hot methods.
            var warm = Stopwatch.StartNew();
            for (var i = 0; i < count || warm.ElapsedMilliseconds < count; i++)
            {
                _ = stage();
            }

            var best = double.MaxValue;
            var isRight = true;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var batch = 0; batch < count; batch++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < RoundsOfBatch; i++)
                {
                    isRight &= stage() == sum;
                }

                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / RoundsOfBatch);
            }

            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-14} {best,8:0.0} us  {bytes} bytes allocated{(bytes == 0 ? "" : " FAIL")}{(isRight ? "" : " WRONG SUM")}"));
            return isRight && bytes == 0;
        }
    }
}
