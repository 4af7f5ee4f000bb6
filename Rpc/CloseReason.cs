namespace Wetware.Rpc;

/// <summary>
/// Why a connection ended, in a word for programs and a sentence for people. The first reason of a connection is the one it keeps.
/// </summary>
/// <param name="Kind">The word.</param>
/// <param name="Text">The sentence.</param>
public sealed record CloseReason(CloseKind Kind, string Text)
{
    /// <summary>For what a correct program never meets.</summary>
    internal static CloseReason Fault(Exception fault) => new(CloseKind.Fault, $"this side is at fault: {fault}");

    /// <summary>The error that calls over this connection meet.</summary>
    public RpcException ToException() => new(RpcErrorType.Disconnected, Text);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Text}";
}
