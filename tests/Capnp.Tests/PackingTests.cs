using System.Buffers;
using Wetware.Capnp;
using Wetware.Core;
using Wetware.Testing;
using TextReader = Wetware.Capnp.TextReader;

namespace Wetware.Capnp.Tests;

/// <summary>Encoding specification, "Packing".</summary>
public class PackingTests
{
    /// <summary>The examples of the specification, and the edges of runs.</summary>
    public static TheoryData<byte[], byte[]> Examples() => new()
    {
        { [8, 0, 0, 0, 3, 0, 2, 0], [0x51, 8, 3, 2] },
        { [0x19, 0, 0, 0, 0xaa, 1, 0, 0], [0x31, 0x19, 0xaa, 1] },
        { new byte[32], [0, 3] },
        { new byte[8 * 257], [0, 255, 0, 0] },
        { Enumerable.Repeat((byte)0x8a, 32).ToArray(),
            [0xff, .. Enumerable.Repeat((byte)0x8a, 8), 3, .. Enumerable.Repeat((byte)0x8a, 24)] },
        { [1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 3, 4, 5, 6, 7, 8, 1, 0, 0, 4, 5, 6, 7, 8],
            [0xff, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 0, 3, 4, 5, 6, 7, 8, 0xf9, 1, 4, 5, 6, 7, 8] },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Words_pack_as_specified(byte[] words, byte[] packed)
    {
        var output = new ArrayBufferWriter<byte>();
        Packer.Pack(words, output);
        Assert.Equal(packed, output.WrittenSpan.ToArray());
        Assert.Equal(words, Unpack(packed, words.Length));
    }

    [Fact]
    public void Any_words_come_back_however_the_stream_breaks()
    {
        var random = new Prng(Property.Seed());
        for (var round = 0; round < 300; round++)
        {
            var words = RandomWords(ref random);
            var output = new ArrayBufferWriter<byte>();
            Packer.Pack(words, output);
            Assert.True(output.WrittenCount <= (words.Length * 10 / 8) + 2);
            Assert.Equal(words, Unpack(output.WrittenSpan, words.Length));
            Assert.Equal(words, UnpackBroken(output.WrittenSpan, words.Length, ref random));
        }
    }

    [Fact]
    public void A_packed_message_is_read_from_pieces_of_any_size()
    {
        using var builder = new MessageBuilder(4, 3);
        var list = PointerListBuilder<TextBuilder>.Init(builder.Root, 50);
        for (var i = 0; i < 50; i++)
        {
            list.SetText(i, new string((char)('a' + (i % 26)), i * 3));
        }

        var output = new ArrayBufferWriter<byte>();
        builder.WritePackedTo(output);
        builder.WritePackedTo(output);
        var packed = output.WrittenMemory;
        var stream = new PackedStreamReader();
        using var message = new MessageReader();
        var random = new Prng(Property.Seed());
        for (var round = 0; round < 200; round++)
        {
            var (sent, kept, messages) = (0, 0, 0);
            while (messages < 2)
            {
                var input = new ReadOnlySequence<byte>(packed[kept..sent]);
                if (stream.TryRead(ref input, message))
                {
                    messages++;
                    kept = sent - (int)input.Length;
                    Assert.Equal(new string('x', 69), PointerListReader<TextReader>.Read(message.Root)[23]);
                }
                else
                {
                    Assert.True(input.Length < 10);
                    kept = sent - (int)input.Length;
                    sent = Math.Min(packed.Length, sent + 1 + (int)(random.Next() % 60));
                }

            }
        }

        Assert.False(stream.IsInsideMessage);
    }

    private static byte[] Unpack(ReadOnlySpan<byte> packed, int length)
    {
        var words = new byte[length];
        var output = words.AsSpan();
        var unpacker = default(Unpacker);
        unpacker.Unpack(ref packed, ref output);
        Assert.True(packed.IsEmpty && output.IsEmpty && !unpacker.IsInsideRun);
        return words;
    }

    private static byte[] UnpackBroken(ReadOnlySpan<byte> packed, int length, ref Prng random)
    {
        var words = new byte[length];
        var output = words.AsSpan();
        var unpacker = default(Unpacker);
        var available = 0;
        while (!output.IsEmpty)
        {
            available = Math.Min(packed.Length, available + 1 + (int)(random.Next() % 20));
            var room = output[..Math.Min(output.Length, 8 * (1 + (int)(random.Next() % 9)))];
            var piece = packed[..available];
            var filled = room.Length;
            unpacker.Unpack(ref piece, ref room);
            packed = packed[(available - piece.Length)..];
            available = piece.Length;
            output = output[(filled - room.Length)..];
        }

        return words;
    }

    private static byte[] RandomWords(ref Prng random)
    {
        var words = new byte[8 * (int)(random.Next() % 600)];
        var density = random.Next() % 9;
        for (var i = 0; i < words.Length; i++)
        {
            if ((i & 511) == 0)
            {
                density = random.Next() % 9;
            }

            words[i] = random.Next() % 8 < density ? (byte)random.Next() : (byte)0;
        }

        return words;
    }
}
