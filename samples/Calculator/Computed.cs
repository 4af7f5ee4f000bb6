namespace Wetware.Samples.Calculator;

internal sealed class Computed(Func<double, double, double> compute) : Function.IServer
{
    public ValueTask CallAsync(CallContext<Function.CallParams.Reader, Function.CallResults.Builder> call)
    {
        call.Results.Number = compute(call.Params.Left, call.Params.Right);
        return default;
    }
}
