using System.Diagnostics.CodeAnalysis;
using Wetware.Core.Multiformats;
using Wetware.Rpc;
using Wetware.Wasm;

namespace Wetware.Host.Services.Processes;

/// <summary>Bytecode by content, bounded by bytes: what was used least recently is forgotten. Safe for concurrent use.</summary>
internal sealed class BytecodeStore(ProcessOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Cid, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private readonly ModuleCache _modules = new(options.CompiledBytesMax);
    private long _bytes;

    /// <summary>Keeps a copy; null if it is larger than all that may be kept.</summary>
    public Cid? Put(ReadOnlySpan<byte> bytecode)
    {
        if (bytecode.Length > options.BytecodeBytesMax)
        {
            return null;
        }

        var cid = Cid.Of(bytecode);
        lock (_lock)
        {
            if (!Touch(cid, out _))
            {
                var copy = bytecode.ToArray();
                _entries.Add(cid, _byUse.AddFirst(new Entry(cid, copy)));
                _bytes += copy.Length;
                while (_bytes > options.BytecodeBytesMax)
                {
                    var last = _byUse.Last!;
                    _byUse.Remove(last);
                    _entries.Remove(last.Value.Cid);
                    _bytes -= last.Value.Bytecode.Length;
                }
            }
        }

        return cid;
    }

    public bool TryGet(Cid cid, [NotNullWhen(true)] out byte[]? bytecode)
    {
        lock (_lock)
        {
            return Touch(cid, out bytecode);
        }
    }

    private CompiledModule Compile(Cid cid, byte[] bytecode) => _modules.Get(cid.ToString(), bytecode);

    /// <summary>The compiled module of a program, compiled once, away from the caller's thread.</summary>
    /// <exception cref="RpcException">The bytecode is refused, or is no program.</exception>
    public async Task<CompiledModule> LoadProgramAsync(Cid cid, byte[] bytecode)
    {
        try
        {
            var module = await Task.Run(() => Compile(cid, bytecode)).ConfigureAwait(false);
            return module.Exports.Contains(("_start", ExternKind.Function))
                ? module
                : throw new RpcException("the module is no program: it exports no function _start");
        }
        catch (ModuleException refused)
        {
            throw new RpcException("the module is refused: " + refused.Message);
        }
    }

    private bool Touch(Cid cid, [NotNullWhen(true)] out byte[]? bytecode)
    {
        bytecode = null;
        if (!_entries.TryGetValue(cid, out var node))
        {
            return false;
        }

        _byUse.Remove(node);
        _byUse.AddFirst(node);
        bytecode = node.Value.Bytecode;
        return true;
    }

    private sealed record Entry(Cid Cid, byte[] Bytecode);
}
