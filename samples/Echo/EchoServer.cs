namespace Wetware.Samples.Echo;

internal sealed class EchoServer : Echo.IServer
{
    public ValueTask SayAsync(CallContext<Echo.SayParams.Reader, Echo.SayResults.Builder> call)
    {
        call.Results.SetText(call.Params.Text.Utf8);
        return default;
    }
}
