using Wetware.Core;
using Wetware.Rpc;

namespace Wetware.Fuzz.Rpc;

/// <summary>
/// An object of the model: it checks that the calls made through one reference arrive in order, keeps references that it
/// is given, gives out ones it keeps, and promises that it decides later.
/// </summary>
internal sealed class ModelNode(Model model) : ICapabilityServer, IDisposable
{
    public const ulong InterfaceId = 0xfeed;
    public const ushort Order = 0;
    public const ushort Exchange = 1;
    private readonly Dictionary<ulong, ulong> _seen = [];

    public bool IsDisposed { get; private set; }

    public ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
    {
        Invariant.Check(!IsDisposed && interfaceId == InterfaceId);
        var parameters = call.Parameters.GetStruct();
        var through = parameters.GetUInt64(0);
        var number = parameters.GetUInt64(1);
        var expected = _seen.GetValueOrDefault(through);
        if (number > expected && model.HasCut)
        {
            // What waited for a promise here, and had come by the line that was cut, is canceled; what came directly is not.
            for (var missing = expected; missing < number; missing++)
            {
                model.Ledger.Missed(through, missing);
            }
        }
        else if (number != expected)
        {
            throw new InvalidOperationException($"call {number} through reference {through} arrived where {expected} was next");
        }

        _seen[through] = number + 1;
        model.Ledger.Arrived();
        if (methodId == Exchange)
        {
            using var given = model.Give();
            call.Results.InitStruct(new(0, 1)).GetPointer(0).SetCapability(given.AddRef());
            if (parameters.GetPointer(0).GetCapability() is Capability taken)
            {
                model.Keep(taken.AddRef());
            }
        }

        return model.RunOn(call);
    }

    public void Dispose()
    {
        Invariant.Check(!IsDisposed);
        IsDisposed = true;
    }
}
