namespace Wetware.Fuzz.Linearizability;

/// <summary>A register, nil at first.</summary>
internal sealed class SequentialRegister : ISequential<RegisterCall>
{
    private long _value = RegisterCall.Nil;

    public RegisterCall Execute(in RegisterCall call)
    {
        switch (call.Verb)
        {
            case RegisterVerb.Read:
                return RegisterCall.Read(_value);
            case RegisterVerb.Write:
                _value = call.Argument;
                return call;
            default:
                var succeeds = _value == call.Argument;
                _value = succeeds ? call.Swap : _value;
                return RegisterCall.CompareAndSwap(call.Argument, call.Swap, succeeds);
        }
    }

    public bool Agrees(in RegisterCall told, in RegisterCall real) => !told.Known || told.Result == real.Result;

    public bool IsRead(in RegisterCall call) => call.Verb == RegisterVerb.Read;
}
