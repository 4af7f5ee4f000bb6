using Wetware.Rpc.Tests.Generated;
using Wetware.Rpc.Vat.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>Messages of the protocol, as scripted peers send them.</summary>
internal static class Fills
{
    public const ushort EchoCap = 0;
    public const ushort Hang = 3;
    public const ushort Hold = 6;
    public const ushort HeldMethod = 7;
    public const ushort Total = 10;
    public const ushort Promise = 11;
    public const ushort Fulfill = 12;

    // The peer's bootstrap is its export 3; on return, the connection has settled it and said so.
    public static async Task HostBootstrapAsync(ScriptedPeer peer, Capability bootstrap)
    {
        await peer.NextAsync();
        await peer.SendAsync(message =>
        {
            var returned = message.InitReturn();
            returned.AnswerId = 0;
            var payload = returned.InitResults();
            payload.Content.SetCapabilityIndex(0);
            Host(payload.InitCapTable(1), 3);
        });
        await bootstrap.WhenSettledAsync().WaitAsync(TimeSpan.FromSeconds(10));
        await peer.NextAsync();
    }

    public static void FillPromise(Message.Builder message, uint question, uint export)
    {
        var returned = message.InitReturn();
        returned.AnswerId = question;
        var payload = returned.InitResults();
        payload.Content.SetCapabilityIndex(0);
        var descriptor = payload.InitCapTable(1)[0];
        descriptor.SenderPromise = export;
    }

    public static Return.Builder FillAnswer(Message.Builder message, uint question)
    {
        var returned = message.InitReturn();
        returned.AnswerId = question;
        returned.InitResults().Content.InitStruct(new(1, 0));
        return returned;
    }

    public static void SetKeepsResults(Finish.Builder finish) => finish.ReleaseResultCaps = false;

    public static void SetNoFinishNeeded(Return.Builder returned) => returned.NoFinishNeeded = true;

    public static void SetKeepsParams(Return.Builder returned) => returned.ReleaseParamCaps = false;

    public static void SetOnlyPipelined(Call.Builder call) => call.OnlyPromisePipeline = true;

    public static void FillRelease(Release.Builder release, uint id, uint count)
    {
        release.Id = id;
        release.ReferenceCount = count;
    }

    public static void FillTo(Message.Builder message, uint question, uint export)
    {
        FillCall(message, question, 0, Worker.TypeId, Total);
        var target = message.Call.InitTarget();
        target.ImportedCap = export;
    }

    public static void FillNext(Message.Builder message, uint question, uint target, uint expected)
    {
        FillCall(message, question, target, Counter.TypeId, 0);
        message.Call.Params.Content.InitStruct(new(1, 0)).SetUInt32(0, expected);
    }

    public static void FillCall(Message.Builder message, uint question, uint target, ulong interfaceId, ushort method)
    {
        var call = message.InitCall();
        call.QuestionId = question;
        call.InterfaceId = interfaceId;
        call.MethodId = method;
        FillTarget(call.InitTarget(), target);
        call.InitParams().Content.InitStruct(default);
    }

    public static void FillTarget(MessageTarget.Builder target, uint question) => target.InitPromisedAnswer().QuestionId = question;

    public static void FillPath(PromisedAnswer.Builder promised)
    {
        var transform = promised.InitTransform(1);
        var operation = transform[0];
        operation.GetPointerField = 0;
    }

    public static void FillCap(Payload.Builder payload, uint export)
    {
        payload.Content.InitStruct(new(0, 1)).GetPointer(0).SetCapabilityIndex(0);
        Host(payload.InitCapTable(1), export);
    }

    public static void Host(Capnp.StructListBuilder<CapDescriptor.Builder> table, uint export)
    {
        var descriptor = table[0];
        descriptor.SenderHosted = export;
    }

    public static void Fill(Finish.Builder finish, uint question) => finish.QuestionId = question;

    // Returns a result whose one capability is an export of the connection under test.
    public static void FillYours(Message.Builder message, uint answerId, uint exportId)
    {
        var returned = message.InitReturn();
        returned.AnswerId = answerId;
        returned.ReleaseParamCaps = false;
        var payload = returned.InitResults();
        payload.Content.InitStruct(new(0, 1)).GetPointer(0).SetCapabilityIndex(0);
        var descriptor = payload.InitCapTable(1)[0];
        descriptor.ReceiverHosted = exportId;
    }
}
