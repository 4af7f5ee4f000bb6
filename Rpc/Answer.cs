using System.Runtime.CompilerServices;
using Wetware.Capnp;
using Wetware.Rpc.Hooks;

namespace Wetware.Rpc;

/// <summary>
/// The answer to a call, there or still to come. Dispose it when done: that frees the results, and cancels the call if it
/// is still under way. Capabilities among the results can be called before they are there. A handle to a pooled object.
/// </summary>
public readonly struct Answer : IDisposable
{
    private readonly OutgoingCall _call;
    private readonly uint _version;

    internal Answer(OutgoingCall call)
    {
        _call = call;
        _version = call.Version;
    }

    /// <summary>Whether awaiting it would not wait.</summary>
    public bool IsCompleted => Live.IsSettled;

    /// <summary>The results once they are there: AnyPointer. Valid until the answer is disposed.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="InvalidOperationException">They are not there yet.</exception>
    public PointerReader Results => Live.GetResult().ContentReader;

    private OutgoingCall Live =>
        _call is not null && _call.Version == _version ? _call : throw new ObjectDisposedException(nameof(Answer));

    /// <summary>
    /// The capability that will be, or is, at a path of the results. Borrowed: it lasts as long as the answer,
    /// <see cref="Capability.AddRef"/> keeps it longer.
    /// </summary>
    public Capability GetCapability(PipelinePath path) => Live.GetPipelined(path);

    /// <summary>
    /// Waits for the results. Code behind the await runs on the connection's receiving thread unless
    /// <see cref="RpcOptions.RunContinuationsAsynchronously"/> says otherwise: it must not block or loop there.
    /// </summary>
    public Awaiter GetAwaiter() => new(this);

    /// <summary>Waits for the call to end, and disposes the answer.</summary>
    public async Task WhenDoneAsync()
    {
        using (this)
        {
            await this;
        }
    }

    /// <summary>Frees the results; cancels the call if it is under way.</summary>
    public void Dispose() => _call?.Dispose(_version);

    /// <summary>What the compiler awaits.</summary>
    /// <param name="answer">Whose results.</param>
    public readonly struct Awaiter(Answer answer) : ICriticalNotifyCompletion
    {
        /// <summary>Whether the results are there.</summary>
        public bool IsCompleted => answer.IsCompleted;

        /// <summary>The answer itself, settled; throws <see cref="RpcException"/> if the call failed.</summary>
        public Answer GetResult()
        {
            _ = answer.Results;
            return answer;
        }

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => answer.Live.OnSettled(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => answer.Live.OnSettled(continuation);
    }
}
