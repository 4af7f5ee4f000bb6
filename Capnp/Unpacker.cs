using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Wetware.Capnp;

/// <summary>Unpacks words from a stream that may break anywhere. A mutable value: pass it by reference.</summary>
internal struct Unpacker
{
    /// <summary>Bytes of a tag with all that can belong to it but a run.</summary>
    public const int GroupBytesMax = 1 + 8 + 1;

    private const ulong LowBits = 0x0101_0101_0101_0101UL;

    private int _zeroBytes;
    private int _rawBytes;

    /// <summary>Whether a run reaches beyond what was unpacked so far.</summary>
    public readonly bool IsInsideRun => (_zeroBytes | _rawBytes) != 0;

    /// <summary>Unpacks until the input is used up, or has only part of a group left, or the output is full.</summary>
    /// <param name="input">Packed bytes; cut by what was used.</param>
    /// <param name="output">Whole words; cut by what was filled.</param>
    public void Unpack(ref ReadOnlySpan<byte> input, ref Span<byte> output)
    {
        while (!output.IsEmpty)
        {
            if (IsInsideRun)
            {
                if (!ContinueRun(ref input, ref output))
                {
                    return;
                }

                continue;
            }

            UnpackFast(ref input, ref output);
            if (output.IsEmpty || IsInsideRun)
            {
                continue;
            }

            if (!UnpackGroup(ref input, ref output))
            {
                return;
            }
        }
    }

    private void UnpackFast(ref ReadOnlySpan<byte> input, ref Span<byte> output)
    {
        ref var from = ref MemoryMarshal.GetReference(input);
        ref var to = ref MemoryMarshal.GetReference(output);
        var inLimit = input.Length - GroupBytesMax;
        var outLimit = output.Length - 8;
        var read = 0;
        var written = 0;
        while (read <= inLimit && written <= outLimit)
        {
            var tag = Unsafe.Add(ref from, read);
            Unsafe.WriteUnaligned(
                ref Unsafe.Add(ref to, written), Spread(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, read + 1)), tag));
            written += 8;
            read += 1 + BitOperations.PopCount(tag);
            if ((byte)(tag + 1) <= 1)
            {
                // A tag of all zeros or all ones is followed by the length of a run, in words.
                var run = Unsafe.Add(ref from, read++) << 3;
                if (tag == 0 && run <= output.Length - written)
                {
                    output.Slice(written, run).Clear();
                    written += run;
                }
                else if (tag != 0 && run <= output.Length - written && run <= input.Length - read)
                {
                    input.Slice(read, run).CopyTo(output[written..]);
                    written += run;
                    read += run;
                }
                else
                {
                    _zeroBytes = tag == 0 ? run : 0;
                    _rawBytes = tag == 0 ? 0 : run;
                    break;
                }
            }
        }

        input = input[read..];
        output = output[written..];
    }

    private bool UnpackGroup(ref ReadOnlySpan<byte> input, ref Span<byte> output)
    {
        if (input.IsEmpty)
        {
            return false;
        }

        var tag = input[0];
        var bytes = BitOperations.PopCount(tag);
        var hasRun = tag is 0 or 0xFF;
        if (input.Length < 1 + bytes + (hasRun ? 1 : 0))
        {
            return false;
        }

        Span<byte> packed = stackalloc byte[8];
        packed.Clear();
        input.Slice(1, bytes).CopyTo(packed);
        MemoryMarshal.Write(output, Spread(MemoryMarshal.Read<ulong>(packed), tag));
        output = output[8..];
        input = input[(1 + bytes)..];
        if (hasRun)
        {
            _zeroBytes = tag == 0 ? input[0] << 3 : 0;
            _rawBytes = tag == 0 ? 0 : input[0] << 3;
            input = input[1..];
        }

        return true;
    }

    private bool ContinueRun(ref ReadOnlySpan<byte> input, ref Span<byte> output)
    {
        var zeros = Math.Min(_zeroBytes, output.Length);
        output[..zeros].Clear();
        output = output[zeros..];
        _zeroBytes -= zeros;
        var raw = Math.Min(Math.Min(_rawBytes, output.Length), input.Length) & ~7;
        input[..raw].CopyTo(output);
        output = output[raw..];
        input = input[raw..];
        _rawBytes -= raw;
        return !IsInsideRun;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(ulong bytes, byte tag) =>
        Bmi2.X64.IsSupported
            ? Bmi2.X64.ParallelBitDeposit(bytes, Bmi2.X64.ParallelBitDeposit(tag, LowBits) * 0xFF)
            : SpreadSlowly(bytes, tag);

    private static ulong SpreadSlowly(ulong bytes, byte tag)
    {
        var word = 0UL;
        for (var i = 0; i < 8; i++)
        {
            if ((tag & (1 << i)) != 0)
            {
                word |= (bytes & 0xFF) << (i * 8);
                bytes >>= 8;
            }
        }

        return word;
    }
}
