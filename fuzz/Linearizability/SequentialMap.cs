namespace Wetware.Fuzz.Linearizability;

/// <summary>A map of strings, each "" at first.</summary>
internal sealed class SequentialMap : ISequential<KeyValueCall>
{
    private readonly Dictionary<string, string> _values = [];

    public KeyValueCall Execute(in KeyValueCall call)
    {
        var value = _values.GetValueOrDefault(call.Key, "");
        switch (call.Verb)
        {
            case KeyValueVerb.Get:
                return KeyValueCall.Get(call.Key, value);
            case KeyValueVerb.Put:
                _values[call.Key] = call.Argument;
                return call;
            case KeyValueVerb.Append:
                _values[call.Key] = value + call.Argument;
                return call;
            default:
                var succeeds = value == call.Argument;
                _values[call.Key] = succeeds ? call.Swap : value;
                return KeyValueCall.CompareAndSwap(call.Key, call.Argument, call.Swap, succeeds);
        }
    }

    public bool Agrees(in KeyValueCall told, in KeyValueCall real) => !told.Known || told.Result == real.Result;

    public bool IsRead(in KeyValueCall call) => call.Verb == KeyValueVerb.Get;
}
