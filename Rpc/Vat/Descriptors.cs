using Wetware.Core;
using Wetware.Capnp;
using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>Capabilities as they travel: hooks to CapDescriptors and back, with the counts on both tables.</summary>
internal sealed class Descriptors(Tables tables)
{
    /// <summary>Writes the capability table of a message that is about to leave.</summary>
    /// <param name="message">Its content is complete.</param>
    /// <param name="exports">Gets the id of every export that was counted up.</param>
    /// <param name="effects">Gets the promises to listen to.</param>
    /// <returns>Whether there are any capabilities.</returns>
    public bool Write(RpcMessage message, List<uint>? exports, List<Effect> effects)
    {
        var count = message.CapabilityCount;
        if (count == 0)
        {
            return false;
        }

        var list = message.InitCapTable(count);
        for (var i = 0; i < count; i++)
        {
            Write(list.GetStruct(i), message.HookAt(i), exports, effects);
        }

        return true;
    }

    /// <summary>Writes one descriptor.</summary>
    public void Write(StructBuilder descriptor, ClientHook? capability, List<uint>? exports, List<Effect> effects)
    {
        if (capability is null)
        {
            descriptor.SetUInt16(Wire.DescriptorTag, Wire.None);
            return;
        }

        var hook = capability.Innermost();
        switch (hook)
        {
            case BrokenHook { IsNull: true }:
                descriptor.SetUInt16(Wire.DescriptorTag, Wire.None);
                break;
            case ImportHook import when ReferenceEquals(import.Link, tables.Link):
                descriptor.SetUInt16(Wire.DescriptorTag, Wire.ReceiverHosted);
                descriptor.SetUInt32(Wire.DescriptorId, import.ImportId);
                break;
            case PipelineHook pipeline when ReferenceEquals(pipeline.Link, tables.Link):
                descriptor.SetUInt16(Wire.DescriptorTag, Wire.ReceiverAnswer);
                Wire.WritePromisedAnswer(descriptor.GetPointer(0).InitStruct(Wire.OneWordOnePointer), pipeline);
                break;
            default:
                WriteExport(descriptor, hook, exports, effects);
                break;
        }
    }

    /// <summary>Reads the capability table of a message that came in.</summary>
    /// <param name="message">Gets its capabilities.</param>
    public void Read(RpcMessage message)
    {
        var list = message.CapTable;
        if (list.Count > Limits.MessageCapabilitiesMax)
        {
            throw new ProtocolException($"a message with {list.Count} capabilities; at most {Limits.MessageCapabilitiesMax} are allowed");
        }

        for (var i = 0; i < list.Count; i++)
        {
            message.AddCapability(Read(list[i]));
        }
    }

    /// <summary>Reads one descriptor.</summary>
    /// <returns>One count is the caller's.</returns>
    public ClientHook Read(StructReader descriptor)
    {
        var tag = descriptor.GetUInt16(Wire.DescriptorTag);
        switch (tag)
        {
            case Wire.None:
                return BrokenHook.Null();
            case Wire.SenderHosted:
            case Wire.SenderPromise:
                return Import(descriptor.GetUInt32(Wire.DescriptorId), tag == Wire.SenderPromise);
            case Wire.ReceiverHosted:
                return ByHere(FindExport(descriptor.GetUInt32(Wire.DescriptorId)).Hook.AddReference());
            case Wire.ReceiverAnswer:
                return ByHere(FindPromised(descriptor.GetPointer(0).GetStruct(), out _));
            case Wire.ThirdPartyHosted:
                // Level 3 is not spoken here; the vine is a capability of the sender that forwards, which is the fallback the protocol
                // names.
                return Import(descriptor.GetPointer(0).GetStruct().GetUInt32(Wire.VineId), isPromise: false);
            default:
                return new BrokenHook(new RpcException(RpcErrorType.Unimplemented, $"a capability descriptor of unknown kind {tag}"));
        }
    }

    /// <summary>What a promised answer points at.</summary>
    /// <param name="promised">A PromisedAnswer.</param>
    /// <param name="call">The call it is of, if it is still there.</param>
    /// <returns>One count is the caller's.</returns>
    public ClientHook FindPromised(StructReader promised, out IncomingCall? call)
    {
        var id = promised.GetUInt32(Wire.PromisedQuestionId);
        var path = Wire.ReadPath(promised);
        if (tables.Answers.TryGet(id, out call))
        {
            return tables.Link.FindPipelined(call, path);
        }

        return tables.EarlyDropped.Contains(id)
            ? BrokenHook.Null()
            : throw new ProtocolException($"a promised answer names question {id}, which is not open");
    }

    /// <summary>An export that the peer names.</summary>
    public Export FindExport(uint id) =>
        tables.Exports.TryGet(id, out var export)
            ? export
            : throw new ProtocolException($"the message names export {id}, which does not exist");

    /// <summary>Counts an export down.</summary>
    /// <param name="id">As the peer names it.</param>
    /// <param name="count">How many of its references go.</param>
    /// <param name="effects">Gets the hook to release.</param>
    public void Release(uint id, uint count, List<Effect> effects)
    {
        var export = FindExport(id);
        if (count == 0 || count > export.References)
        {
            throw new ProtocolException($"a release of {count} references to export {id}, which has {export.References}");
        }

        export.References -= count;
        if (export.References == 0)
        {
            tables.Exports.Remove(id);
            if (tables.ExportIds.TryGetValue(export.Key, out var known) && known == id)
            {
                tables.ExportIds.Remove(export.Key);
            }

            effects.Add(new Effect(EffectKind.Release, export.Hook));
        }
    }

    // What the peer names as ours may go straight on to the peer; it must not be taken for something that the peer named
    // as its own, since calls that the peer sends there come by here.
    private ClientHook ByHere(ClientHook hook)
    {
        if (hook is not ImportHook import || !ReferenceEquals(import.Link, tables.Link))
        {
            return hook;
        }

        return new DetourHook(hook);
    }

    private ImportHook Import(uint id, bool isPromise)
    {
        if (tables.Imports.TryGet(id, out var import))
        {
            if (import.TryAddReference())
            {
                Invariant.Check(import.ImportId == id);
                import.References++;
                return import;
            }

            // Its last reference has just gone elsewhere: it will release what it counted, and finds itself replaced.
            tables.Imports.Remove(id);
        }

        var made = new ImportHook(tables.Link, id, isPromise) { References = 1 };
        tables.Imports.Add(id, made);
        return made;
    }

    private void WriteExport(StructBuilder descriptor, ClientHook hook, List<uint>? exports, List<Effect> effects)
    {
        var isPromise = hook.IsUnsettled;
        if (tables.ExportIds.TryGetValue(hook, out var id))
        {
            tables.Exports.TryGet(id, out var known);
            Invariant.Check(known is { References: > 0 });
            known.References++;
            isPromise = known.IsOpenPromise;
        }
        else
        {
            var export = new Export(hook.AddReference()) { IsOpenPromise = isPromise };
            id = tables.Exports.Add(export);
            tables.ExportIds.Add(hook, id);
            if (isPromise)
            {
                effects.Add(new Effect(EffectKind.Listen, hook, new ExportListener(tables.Link, id, export)));
            }
        }

        exports?.Add(id);
        descriptor.SetUInt16(Wire.DescriptorTag, isPromise ? Wire.SenderPromise : Wire.SenderHosted);
        descriptor.SetUInt32(Wire.DescriptorId, id);
    }
}
