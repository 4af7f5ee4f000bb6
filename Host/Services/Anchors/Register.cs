using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>What a register holds: nothing, bytes, or a reference. Owns the reference.</summary>
internal readonly struct Register : IDisposable
{
    private readonly byte[]? _data;
    private readonly Capability? _capability;
    private readonly bool _isProcess;

    private Register(byte[]? data, Capability? capability, bool isProcess)
    {
        _data = data;
        _capability = capability;
        _isProcess = isProcess;
    }

    public bool IsNull => _data is null && _capability is null;

    /// <summary>Bytes that it holds.</summary>
    public int Length => _data?.Length ?? 0;

    /// <summary>Takes a value from a message. A null reference is no value.</summary>
    /// <exception cref="RpcException">Such a value cannot be stored.</exception>
    public static Register From(Anchor.Value.Reader wire)
    {
        switch (wire.Which)
        {
            case Anchor.Value.Which.Null:
                return default;
            case Anchor.Value.Which.Data:
                return wire.Data.Span.Length <= Limits.AnchorDataBytesMax
                    ? new Register(wire.Data.ToArray(), null, false)
                    : throw new RpcException($"an anchor holds at most {Limits.AnchorDataBytesMax} bytes");
            case Anchor.Value.Which.Process:
                return wire.Process.Capability.IsNull ? default : new Register(null, wire.Process.Capability.AddRef(), true);
            case Anchor.Value.Which.Cap:
                return wire.Cap.IsNull ? default : new Register(null, wire.Cap.AddRef(), false);
            default:
                throw new RpcException("an anchor holds data, a process or a capability");
        }
    }

    public Register AddRef() => new(_data, _capability?.AddRef(), _isProcess);

    /// <summary>Lends the value to a message.</summary>
    public void Write(Anchor.Value.Builder wire)
    {
        if (_data is not null)
        {
            wire.SetData(_data);
        }
        else if (_capability is null)
        {
            wire.SetNull();
        }
        else if (_isProcess)
        {
            wire.SetProcess(new Process.Client(_capability));
        }
        else
        {
            wire.SetCap(_capability);
        }
    }

    /// <summary>Whether both are nothing, the same bytes, or known to be the same object.</summary>
    public bool IsSame(in Register other) =>
        _data is not null ? other._data is not null && _data.AsSpan().SequenceEqual(other._data)
        : _capability is not null ? other._capability is not null && _isProcess == other._isProcess && _capability.IsSame(other._capability)
        : other.IsNull;

    public void Dispose() => _capability?.Dispose();
}
