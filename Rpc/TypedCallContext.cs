using Wetware.Capnp;

namespace Wetware.Rpc;

/// <summary>One call as its callee sees it, with types. Valid until the handler's task completes.</summary>
/// <typeparam name="TParams">The reader of the parameters.</typeparam>
/// <typeparam name="TResults">The builder of the results.</typeparam>
public struct CallContext<TParams, TResults>
    where TParams : struct, IStructReader<TParams>
    where TResults : struct, IStructBuilder<TResults>
{
    private TResults _results;
    private bool _hasResults;

    /// <summary>Wraps a call of this method; generated dispatchers do.</summary>
    public CallContext(CallContext untyped)
    {
        ArgumentNullException.ThrowIfNull(untyped);
        Untyped = untyped;
        if (typeof(TResults) == typeof(StreamResult.Builder))
        {
            untyped.HoldLaterCalls();
        }

        Params = untyped.ReadParams<TParams>();
    }

    /// <summary>The call without its types: cancellation, tail calls, early release.</summary>
    public CallContext Untyped { get; }

    /// <summary>The parameters. Capabilities in it are borrowed: <see cref="Capability.AddRef"/> keeps one beyond the call.</summary>
    public TParams Params { get; }

    /// <summary>Signaled when the caller no longer wants the results, or is gone.</summary>
    public readonly CancellationToken Cancellation => Untyped.Cancellation;

    /// <summary>The results; by reference, so that <c>call.Results.X = 1</c> compiles.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ref TResults Results
    {
        get
        {
            if (!_hasResults)
            {
                _results = Untyped.InitResults<TResults>();
                _hasResults = true;
            }

            return ref _results;
        }
    }

    /// <summary>Fails the call as unimplemented.</summary>
    public readonly ValueTask UnimplementedAsync() => Untyped.UnimplementedAsync();
}
