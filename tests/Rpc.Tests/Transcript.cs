using System.Text;
using Wetware.Rpc.Vat.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>Messages of the protocol as lines that people can read.</summary>
internal static class Transcript
{
    public static string Line(Message.Reader message) => message.Which switch
    {
        Message.Which.Unimplemented => $"unimplemented({Line(message.Unimplemented)})",
        Message.Which.Abort => $"abort {message.Abort.Reason}",
        Message.Which.Bootstrap => $"bootstrap q{message.Bootstrap.QuestionId}",
        Message.Which.Call => Line(message.Call),
        Message.Which.Return => Line(message.Return),
        Message.Which.Finish => $"finish q{message.Finish.QuestionId}{(message.Finish.ReleaseResultCaps ? " release" : "")}",
        Message.Which.Resolve => message.Resolve.Which == Resolve.Which.Cap
            ? $"resolve e{message.Resolve.PromiseId} {Line(message.Resolve.Cap)}"
            : $"resolve e{message.Resolve.PromiseId} broken: {message.Resolve.Exception.Reason}",
        Message.Which.Release => $"release e{message.Release.Id} x{message.Release.ReferenceCount}",
        Message.Which.Disembargo => Line(message.Disembargo),
        _ => message.Which.ToString(),
    };

    private static string Line(Call.Reader call) =>
        $"call q{call.QuestionId} {Line(call.Target)} method {call.MethodId}{Caps(call.Params)}{ResultsTo(call)}"
        + $"{(call.OnlyPromisePipeline ? " only pipelined" : "")}{(call.HasTrace ? " traced" : "")}";

    private static string ResultsTo(Call.Reader call) => call.SendResultsTo.Which switch
    {
        Call.SendResultsTo.Which.Caller => "",
        Call.SendResultsTo.Which.Yourself => " results to yourself",
        _ => " results to a third party",
    };

    private static string Line(Return.Reader answer)
    {
        var what = answer.Which switch
        {
            Return.Which.Results => "results" + Caps(answer.Results),
            Return.Which.Exception => $"{(RpcErrorType)answer.Exception.Type}: {answer.Exception.Reason}",
            Return.Which.Canceled => "canceled",
            Return.Which.ResultsSentElsewhere => "sent elsewhere",
            Return.Which.TakeFromOtherQuestion => $"take from q{answer.TakeFromOtherQuestion}",
            _ => answer.Which.ToString(),
        };
        return $"return q{answer.AnswerId} {what}"
            + $"{(answer.ReleaseParamCaps ? " releases params" : "")}{(answer.NoFinishNeeded ? " no finish needed" : "")}";
    }

    private static string Line(Disembargo.Reader disembargo) => disembargo.Context.Which == Disembargo.Context.Which.SenderLoopback
        ? $"disembargo {Line(disembargo.Target)} there {disembargo.Context.SenderLoopback}"
        : $"disembargo {Line(disembargo.Target)} back {disembargo.Context.ReceiverLoopback}";

    private static string Line(MessageTarget.Reader target) =>
        target.Which == MessageTarget.Which.ImportedCap ? $"e{target.ImportedCap}" : Line(target.PromisedAnswer);

    private static string Line(PromisedAnswer.Reader promised)
    {
        var line = new StringBuilder($"q{promised.QuestionId}");
        foreach (var operation in promised.Transform)
        {
            line.Append('.').Append(operation.GetPointerField);
        }

        return line.ToString();
    }

    private static string Caps(Payload.Reader payload)
    {
        var line = new StringBuilder();
        foreach (var descriptor in payload.CapTable)
        {
            line.Append(' ').Append(Line(descriptor));
        }

        return line.ToString();
    }

    private static string Line(CapDescriptor.Reader descriptor) => descriptor.Which switch
    {
        CapDescriptor.Which.None => "none",
        CapDescriptor.Which.SenderHosted => $"mine:{descriptor.SenderHosted}",
        CapDescriptor.Which.SenderPromise => $"promise:{descriptor.SenderPromise}",
        CapDescriptor.Which.ReceiverHosted => $"yours:{descriptor.ReceiverHosted}",
        CapDescriptor.Which.ReceiverAnswer => $"youranswer:{Line(descriptor.ReceiverAnswer)}",
        _ => "third party",
    };
}
