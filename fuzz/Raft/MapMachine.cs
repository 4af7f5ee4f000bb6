using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Wetware.Core;
using Wetware.Fuzz.Linearizability;
using Wetware.Host.Consensus;
using Wetware.Protocol.Routing;

namespace Wetware.Fuzz.Raft;

/// <summary>A replicated map of numbers with get, put and compare-and-swap; zero stands for what was never put.</summary>
internal sealed class MapMachine : IStateMachine
{
    private const int CallBytes = 2 + (2 * sizeof(long));

    private readonly SortedDictionary<byte, long> _values = [];

    public ulong Digest { get; private set; }

    public static byte[] Encode(in KeyValueCall call)
    {
        var bytes = new byte[CallBytes];
        (bytes[0], bytes[1]) = ((byte)call.Verb, (byte)call.Key[0]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(2), Number(call.Argument));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(10), Number(call.Swap));
        return bytes;
    }

    /// <summary>The call with the answer that the machine gave.</summary>
    public static KeyValueCall Decode(in KeyValueCall call, ReadOnlySpan<byte> reply)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(reply);
        return call.Verb switch
        {
            KeyValueVerb.Get => KeyValueCall.Get(call.Key, Text(value)),
            KeyValueVerb.CompareAndSwap => KeyValueCall.CompareAndSwap(call.Key, call.Argument, call.Swap, value == 1),
            _ => call,
        };
    }

    public static string Text(long value) => value == 0 ? "" : value.ToString(CultureInfo.InvariantCulture);

    public void Apply(LogIndex index, ReadOnlySpan<byte> command, IBufferWriter<byte> reply)
    {
        var (key, argument, swap) = (command[1], BinaryPrimitives.ReadInt64LittleEndian(command[2..]), BinaryPrimitives.ReadInt64LittleEndian(command[10..]));
        var isPut = (KeyValueVerb)command[0] == KeyValueVerb.Put;
        var happens = isPut || _values.GetValueOrDefault(key) == argument;
        if (happens)
        {
            _values[key] = isPut ? argument : swap;
        }

        Digest = (Digest * 31) + GroupOracle.Content(command) + index.Value;
        Write(reply, happens ? 1 : 0);
    }

    public void Query(ReadOnlySpan<byte> query, IBufferWriter<byte> answer) => Write(answer, _values.GetValueOrDefault(query[1]));

    public IStateCapture Capture()
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, (long)Digest);
        foreach (var (key, value) in _values)
        {
            output.Write([key]);
            Write(output, value);
        }

        return new WrittenCapture(output.WrittenMemory);
    }

    public void Restore(in ReadOnlySequence<byte> snapshot)
    {
        ReadOnlySpan<byte> bytes = snapshot.ToArray();
        Digest = MemoryMarshal.Read<ulong>(bytes);
        _values.Clear();
        for (bytes = bytes[sizeof(long)..]; !bytes.IsEmpty; bytes = bytes[(1 + sizeof(long))..])
        {
            _values[bytes[0]] = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        }
    }

    private static long Number(string text) => text.Length == 0 ? 0 : long.Parse(text, CultureInfo.InvariantCulture);

    private static void Write(IBufferWriter<byte> output, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }
}
