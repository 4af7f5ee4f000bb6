using System.Runtime.CompilerServices;
using Wetware.Capnp;

namespace Wetware.Rpc;

/// <summary>
/// The answer to a call, there or still to come. Await it for the results, which are valid until it is disposed;
/// disposing it earlier cancels the call. <see cref="Pipeline"/> calls capabilities among the results before they are there.
/// </summary>
/// <typeparam name="TResults">The reader of the results.</typeparam>
/// <typeparam name="TPipeline">What can be called before the results are there.</typeparam>
/// <example>
/// <code>
/// using var next = bench.Next();
/// using var pong = next.Pipeline.Node.Ping(42);
/// var x = (await pong).X;
/// </code>
/// </example>
/// <param name="untyped">The answer without its types.</param>
public readonly struct Answer<TResults, TPipeline>(Answer untyped) : IDisposable
    where TResults : struct, IStructReader<TResults>
    where TPipeline : struct, IPipeline<TPipeline>
{
    /// <summary>The answer without its types.</summary>
    public Answer Untyped => untyped;

    /// <summary>Whether awaiting it would not wait.</summary>
    public bool IsCompleted => untyped.IsCompleted;

    /// <summary>The capabilities that the results will hold.</summary>
    public TPipeline Pipeline => TPipeline.Of(untyped, PipelinePath.Root);

    /// <summary>
    /// Waits for the results. Code behind the await runs on the connection's receiving thread unless
    /// <see cref="RpcOptions.RunContinuationsAsynchronously"/> says otherwise: it must not block or loop there.
    /// </summary>
    public Awaiter GetAwaiter() => new(untyped);

    /// <summary>Waits for the call to end, disregards the results, and disposes the answer.</summary>
    public Task WhenDoneAsync() => untyped.WhenDoneAsync();

    /// <summary>Waits for the results, takes something out of them, and disposes the answer.</summary>
    /// <param name="select">Must return nothing that belongs to the message, such as a reader or a borrowed capability.</param>
    public async Task<T> ThenAsync<T>(Func<TResults, T> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        using (untyped)
        {
            return select(await this);
        }
    }

    /// <summary>Frees the results; cancels the call if it is under way.</summary>
    public void Dispose() => untyped.Dispose();

    /// <summary>What the compiler awaits.</summary>
    /// <param name="untyped">Whose results.</param>
    public readonly struct Awaiter(Answer untyped) : ICriticalNotifyCompletion
    {
        /// <summary>Whether the results are there.</summary>
        public bool IsCompleted => untyped.IsCompleted;

        /// <summary>The results; throws <see cref="RpcException"/> if the call failed.</summary>
        public TResults GetResult() => TResults.Read(untyped.Results);

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => untyped.GetAwaiter().OnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => untyped.GetAwaiter().UnsafeOnCompleted(continuation);
    }
}
