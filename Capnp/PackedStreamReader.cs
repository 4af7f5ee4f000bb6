using System.Buffers;
using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Capnp;

/// <summary>
/// Takes packed messages off a stream, however it breaks. Unpacks straight into the memory of a <see cref="MessageReader"/>; what has come
/// in is unpacked once and need not be kept. Invariant: room is taken for a message only once its size has been checked.
/// </summary>
public sealed class PackedStreamReader
{
    private readonly ReaderLimits _limits;
    private readonly byte[] _joined = new byte[Unpacker.GroupBytesMax];
    private Unpacker _unpacker;
    private Phase _phase;
    private int _filled;
    private FrameHeader _header;

    /// <summary>Creates a reader with the default limits.</summary>
    public PackedStreamReader()
        : this(ReaderLimits.Default)
    {
    }

    /// <summary>Creates a reader.</summary>
    /// <param name="limits">What messages may ask of it; give the same to the <see cref="MessageReader"/>.</param>
    public PackedStreamReader(ReaderLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
    }

    private enum Phase
    {
        FirstWord,
        Table,
        Body,
    }

    /// <summary>Whether part of a message has come: a stream that ends here was cut short.</summary>
    public bool IsInsideMessage => _phase != Phase.FirstWord || _filled > 0 || _unpacker.IsInsideRun;

    /// <summary>Unpacks what has come.</summary>
    /// <param name="input">Cut by what was used; what is left, up to 9 bytes, must be given again with more behind it.</param>
    /// <param name="message">Must be the same, and left alone, from the first piece of a message to its last.</param>
    /// <returns>Whether a whole message is now open in <paramref name="message"/>; if not, try again with more.</returns>
    /// <exception cref="DecodeException">The message is malformed or larger than allowed; the stream is unusable from here on.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> input, MessageReader message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_phase == Phase.FirstWord && _filled == 0)
        {
            message.Close();
        }

        while (true)
        {
            var wanted = Wanted(message);
            Fill(ref input, message.OwnMemory(wanted).Span);
            if (_filled < wanted)
            {
                return false;
            }

            if (Advance(message))
            {
                return true;
            }
        }
    }

    /// <summary>Forgets a message that has come in part.</summary>
    public void Reset()
    {
        _unpacker = default;
        _phase = Phase.FirstWord;
        _filled = 0;
    }

    private int Wanted(MessageReader message) => _phase switch
    {
        Phase.FirstWord => 8,
        Phase.Table => FrameHeader.TableWords(SegmentsClaimed(message)) * 8,
        _ => (int)_header.TotalBytes,
    };

    /// <summary>The memory so far is full: on to the next part.</summary>
    /// <returns>Whether that was the last.</returns>
    private bool Advance(MessageReader message)
    {
        switch (_phase)
        {
            case Phase.FirstWord:
                // Throws if there are too many segments.
                _ = FrameHeader.TryParse(message.OwnMemory(8).Span, _limits, out _);
                message.GrowOwned(8, FrameHeader.TableWords(SegmentsClaimed(message)) * 8);
                _phase = Phase.Table;
                return false;
            case Phase.Table:
                var status = FrameHeader.TryParse(message.OwnMemory(_filled).Span, _limits, out _header);
                Invariant.Check(status == FrameStatus.Ready);
                message.GrowOwned(_filled, (int)_header.TotalBytes);
                _phase = Phase.Body;
                return false;
            default:
                if (_unpacker.IsInsideRun)
                {
                    DecodeException.Throw("a packed run reaches beyond its message");
                }

                message.OpenOwned(_header);
                _phase = Phase.FirstWord;
                _filled = 0;
                return true;
        }
    }

    private void Fill(ref ReadOnlySequence<byte> input, Span<byte> memory)
    {
        while (_filled < memory.Length)
        {
            var output = memory[_filled..];
            var first = input.FirstSpan;
            if (first.Length < _joined.Length && first.Length < input.Length)
            {
                // A group may lie across two buffers.
                var length = (int)Math.Min(_joined.Length, input.Length);
                input.Slice(0, length).CopyTo(_joined);
                first = _joined.AsSpan(0, length);
            }

            var before = first.Length;
            _unpacker.Unpack(ref first, ref output);
            var used = before - first.Length;
            var progress = memory.Length - output.Length - _filled;
            input = input.Slice(used);
            _filled += progress;
            if (used == 0 && progress == 0)
            {
                return;
            }
        }
    }

    private static int SegmentsClaimed(MessageReader message) =>
        (int)(BinaryPrimitives.ReadUInt32LittleEndian(message.OwnMemory(4).Span) + 1);
}
