using System.Buffers;

namespace Wetware.Host.Consensus;

/// <summary>A state that is so small that it was written when it was captured.</summary>
internal sealed class WrittenCapture(ReadOnlyMemory<byte> state) : IStateCapture
{
    public void WriteTo(IBufferWriter<byte> output) => output.Write(state.Span);

    public void Dispose()
    {
        // It shares nothing with the machine.
    }
}
