namespace Wetware.Samples.Calculator;

internal sealed class CalculatorServer(double shown) : Calculator.IServer
{
    public ValueTask ReadAsync(CallContext<Calculator.ReadParams.Reader, Calculator.ReadResults.Builder> call)
    {
        call.Results.Number = shown;
        return default;
    }

    public async ValueTask ApplyAsync(CallContext<Calculator.ApplyParams.Reader, Calculator.ApplyResults.Builder> call)
    {
        var number = await call.Params.Function.Call(shown, call.Params.Operand).ThenAsync(results => results.Number);
        using var next = Calculator.Client.Serve(new CalculatorServer(number));
        call.Results.SetNext(next);
    }
}
