using System.Diagnostics;
using System.Text;

namespace Wetware.Rpc.Tracing;

/// <summary>
/// The place of a call in a distributed trace, as W3C Trace Context (level 1) writes it. Immutable. Invariant: <see cref="Parent"/> is a
/// well-formed traceparent; <see cref="State"/> is not empty, and at most <see cref="Limits.TraceStateBytesMax"/> printable ASCII
/// characters.
/// </summary>
internal sealed class TraceContext
{
    private static readonly System.Buffers.SearchValues<byte> s_hex = System.Buffers.SearchValues.Create("0123456789abcdef"u8);

    private TraceContext(string parent, string? state)
    {
        Parent = parent;
        State = state;
    }

    /// <summary>The traceparent: version, trace id, span id and flags.</summary>
    public string Parent { get; }

    /// <summary>The tracestate; null if there is none.</summary>
    public string? State { get; }

    /// <summary>Bytes of memory that it holds, the headers of its objects included.</summary>
    public int HeapBytes => 96 + (sizeof(char) * (Parent.Length + (State?.Length ?? 0)));

    /// <summary>The context of an activity; null if its id is not of the W3C format.</summary>
    public static TraceContext? Of(Activity activity)
    {
        if (activity is not { IdFormat: ActivityIdFormat.W3C, Id: { } parent })
        {
            return null;
        }

        var state = activity.TraceStateString;
        return new TraceContext(parent, state is { Length: > 0 and <= Limits.TraceStateBytesMax } && Ascii.IsValid(state) ? state : null);
    }

    /// <summary>Takes what a peer sent.</summary>
    /// <param name="parent">Whatever stands where a traceparent should.</param>
    /// <param name="state">Whatever stands where a tracestate should; dropped if it is too long or not printable.</param>
    /// <returns>Null if it is no traceparent.</returns>
    public static TraceContext? FromPeer(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> state) => IsParent(parent)
        ? new TraceContext(Encoding.ASCII.GetString(parent), IsState(state) ? Encoding.ASCII.GetString(state) : null)
        : null;

    /// <summary>The same for the base library.</summary>
    public ActivityContext ToActivityContext() =>
        ActivityContext.TryParse(Parent, State, isRemote: true, out var context) ? context : default;

    // 00-<32 hex digits>-<16 hex digits>-<2 hex digits>, in lower case; neither id may be zero, and version ff is not valid.
    private static bool IsParent(ReadOnlySpan<byte> text) =>
        text.Length == Limits.TraceParentBytes
        && text[2] == '-' && text[35] == '-' && text[52] == '-'
        && IsHex(text[..2]) && IsHex(text[3..35]) && IsHex(text[36..52]) && IsHex(text[53..])
        && !text[..2].SequenceEqual("ff"u8)
        && text[3..35].ContainsAnyExcept((byte)'0') && text[36..52].ContainsAnyExcept((byte)'0');

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(s_hex);

    private static bool IsState(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= Limits.TraceStateBytesMax && !text.ContainsAnyExceptInRange((byte)' ', (byte)'~');
}
