using System.Buffers;
using Wetware.Membership.Gossip;
using Wetware.Membership.Wire;

namespace Wetware.Fuzz.Membership;

/// <summary>How many bytes a frame takes on the wire: it is written for real, and its seal added.</summary>
internal sealed class FrameSize : IDisposable
{
    private const int KindBytes = 1;

    private readonly FrameCodec _codec = new();
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);

    public void Dispose() => _codec.Dispose();

    internal int Of(Frame frame, ulong number)
    {
        _output.ResetWrittenCount();
        _codec.Write(frame, number, _output);
        return KindBytes + _output.WrittenCount + FrameSeal.TagBytes;
    }
}
