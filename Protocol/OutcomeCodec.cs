using Wetware.Core;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Protocol;

/// <summary>Outcomes on the wire.</summary>
internal static class OutcomeCodec
{
    public static void Write(Wire.Outcome.Builder wire, in Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Committed:
                var committed = wire.InitCommitted();
                committed.Index = outcome.Index.Value;
                committed.SetReply(outcome.Reply.Span);
                break;
            case OutcomeKind.Dropped:
                wire.SetDropped(outcome.Reason);
                break;
            default:
                wire.SetUnknown(outcome.Reason);
                break;
        }
    }

    /// <summary>Reads an outcome. One of a kind that is not known here says nothing about the proposal.</summary>
    public static Outcome Read(Wire.Outcome.Reader wire) => wire.Which switch
    {
        Wire.Outcome.Which.Committed => Outcome.Committed(new LogIndex(wire.Committed.Index), wire.Committed.Reply.ToArray()),
        Wire.Outcome.Which.Dropped => Outcome.Dropped(wire.Dropped.ToString()),
        Wire.Outcome.Which.Unknown => Outcome.Unknown(wire.Unknown.ToString()),
        _ => Outcome.Unknown("the node answered in a way that is not known here"),
    };
}
