using System.Buffers;

namespace Wetware.Host.Consensus;

/// <summary>A state machine's whole state at one moment, while the machine goes on. Disposed of on the machine's thread when it has been written.</summary>
internal interface IStateCapture : IDisposable
{
    /// <summary>Writes the state, on any thread.</summary>
    void WriteTo(IBufferWriter<byte> output);
}
