namespace Wetware.Fuzz.Linearizability;

/// <summary>One register with reads, writes and compare-and-swap.</summary>
internal sealed class RegisterModel : IModel<long, RegisterCall>
{
    public long Initial => RegisterCall.Nil;

    public string PartOf(RegisterCall call) => "";

    // A swap that failed is a read that the value was another.
    public bool IsRead(RegisterCall call) => call.Verb == RegisterVerb.Read || (call.Verb == RegisterVerb.CompareAndSwap && call.Known && call.Result == 0);

    public bool Step(long state, RegisterCall call, out long next)
    {
        next = state;
        switch (call.Verb)
        {
            case RegisterVerb.Read:
                return !call.Known || call.Result == state;
            case RegisterVerb.Write:
                next = call.Argument;
                return true;
            default:
                var succeeds = state == call.Argument;
                next = succeeds ? call.Swap : state;
                return !call.Known || succeeds == (call.Result == 1);
        }
    }
}
