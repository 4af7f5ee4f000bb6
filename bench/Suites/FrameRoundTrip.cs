using System.Buffers;
using BenchmarkDotNet.Attributes;
using Wetware.Core;
using Wetware.Capnp;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Bench.Suites;

/// <summary>One Cap'n Proto message built, framed, read back from its frame and checked: 0 B.</summary>
public class FrameRoundTrip : IDisposable
{
    private readonly MessageBuilder _builder = new();
    private readonly MessageReader _reader = new();
    private readonly byte[] _bytes = new byte[4096];
    private readonly byte[] _payload = new byte[100];
    private readonly ArrayBufferWriter<byte> _output = new(4096);

    /// <summary>Returns what was read, which must be what was written.</summary>
    [Benchmark]
    [ZeroAllocation]
    public ulong RoundTrip()
    {
        _builder.Reset();
        var entry = _builder.InitRoot<Wire.Entry.Builder>();
        entry.Term = 7;
        entry.Index = 11;
        entry.SetData(_payload);
        _output.ResetWrittenCount();
        _builder.WriteTo(_output);
        _output.WrittenSpan.CopyTo(_bytes);
        _reader.Open(_bytes.AsMemory(0, _output.WrittenCount));
        var read = _reader.GetRoot<Wire.Entry.Reader>();
        Invariant.Check(read.Term == 7 && read.Index == 11 && read.Data.Length == _payload.Length);
        return read.Index;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _builder.Dispose();
        _reader.Dispose();
        GC.SuppressFinalize(this);
    }
}
