using System.Buffers;
using Wetware.Capnp;

namespace Wetware.Queue;

/// <summary>One message after another in the same memory: built, framed, and there as bytes until the next.</summary>
/// <param name="firstSegmentBytes">
/// Room that each message begins with. A message that fits is one segment, so that its bytes follow from its content alone, whatever
/// the size of those before it.
/// </param>
internal sealed class MessageOutput(int firstSegmentBytes) : IDisposable
{
    private readonly MessageBuilder _message = new(firstSegmentBytes / 8);
    private readonly ArrayBufferWriter<byte> _bytes = new(4096);

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Dispose() => _message.Dispose();

    /// <summary>Begins a message. What was there before is gone.</summary>
    public T Begin<T>()
        where T : IStructBuilder<T>
    {
        _message.Reset();
        _bytes.ResetWrittenCount();
        return _message.InitRoot<T>();
    }

    /// <summary>Turns the message into bytes.</summary>
    public void Finish() => _message.WriteTo(_bytes);

    /// <summary>Says again what was said before.</summary>
    public void Repeat(ReadOnlySpan<byte> bytes)
    {
        _bytes.ResetWrittenCount();
        _bytes.Write(bytes);
    }
}
