using Wetware.Capnp;

namespace Wetware.Rpc;

/// <summary>A call that failed, on this side or the other. Type, reason and trace travel with it over every connection.</summary>
public sealed class RpcException : Exception
{
    /// <summary>Creates an exception of <see cref="RpcErrorType.Failed"/>.</summary>
    /// <param name="reason">One sentence for a human; it is sent to the caller.</param>
    public RpcException(string reason)
        : this(RpcErrorType.Failed, reason)
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="type">How the caller should react.</param>
    /// <param name="reason">One sentence for a human; it is sent to the caller.</param>
    /// <param name="remoteTrace">The stack of the side that threw, if it sent one.</param>
    /// <param name="inner">What caused it on this side.</param>
    public RpcException(RpcErrorType type, string reason, string? remoteTrace = null, Exception? inner = null)
        : base(reason, inner)
    {
        Type = type;
        RemoteTrace = remoteTrace;
    }

    /// <summary>How the caller should react.</summary>
    public RpcErrorType Type { get; }

    /// <summary>The stack of the side that threw, if it sent one.</summary>
    public string? RemoteTrace { get; }

    /// <summary>The sentence that travels; the same as <see cref="Exception.Message"/>.</summary>
    public string Reason => Message;

    /// <summary>The type as spans and metrics name it.</summary>
    internal string TypeName => Type switch
    {
        RpcErrorType.Overloaded => "overloaded",
        RpcErrorType.Disconnected => "disconnected",
        RpcErrorType.Unimplemented => "unimplemented",
        _ => "failed",
    };

    /// <summary>Turns anything a handler may throw into what a caller may see.</summary>
    /// <param name="error">Any exception.</param>
    /// <returns><paramref name="error"/> itself if it already is one.</returns>
    public static RpcException From(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error switch
        {
            RpcException already => already,
            BuildBudgetException => new RpcException(RpcErrorType.Overloaded, error.Message, null, error),
            NotSupportedException => new RpcException(RpcErrorType.Unimplemented, error.Message, null, error),
            OperationCanceledException => new RpcException(RpcErrorType.Failed, "the call was canceled", null, error),
            _ => new RpcException(RpcErrorType.Failed, error.Message, null, error),
        };
    }

    /// <summary>The same with the stack of this side as the trace, unless it has one from elsewhere or was never thrown.</summary>
    internal RpcException WithTrace() =>
        RemoteTrace is null && (InnerException ?? this).StackTrace is { } stack
            ? new RpcException(Type, Reason, stack, InnerException)
            : this;

    internal static RpcException Disconnected(string reason) => new(RpcErrorType.Disconnected, reason);

    internal static RpcException Unimplemented(ulong interfaceId, ushort methodId) =>
        new(RpcErrorType.Unimplemented, $"method {methodId} of interface @0x{interfaceId:x} is not implemented");
}
