using System.Buffers;
using Wetware.Host.Consensus;
using Wetware.Queue;

namespace Wetware.Host.Services.Queues;

/// <summary>The queue machine's state at one moment.</summary>
internal sealed class QueueStateCapture(QueueCapture capture) : IStateCapture
{
    public void WriteTo(IBufferWriter<byte> output) => capture.Write(output);

    public void Dispose() => capture.Release();
}
