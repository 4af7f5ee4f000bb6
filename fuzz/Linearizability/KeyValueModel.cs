namespace Wetware.Fuzz.Linearizability;

/// <summary>A map of strings, each key apart: get, put, append and compare-and-swap.</summary>
internal sealed class KeyValueModel : IModel<string, KeyValueCall>
{
    public string Initial => "";

    public string PartOf(KeyValueCall call) => call.Key;

    public bool IsRead(KeyValueCall call) =>
        call.Verb == KeyValueVerb.Get || (call.Verb == KeyValueVerb.CompareAndSwap && call.Known && call.Result == "0");

    public bool Step(string state, KeyValueCall call, out string next)
    {
        next = state;
        switch (call.Verb)
        {
            case KeyValueVerb.Get:
                return !call.Known || call.Result == state;
            case KeyValueVerb.Put:
                next = call.Argument;
                return true;
            case KeyValueVerb.Append:
                next = state + call.Argument;
                return true;
            default:
                var succeeds = state == call.Argument;
                next = succeeds ? call.Swap : state;
                return !call.Known || succeeds == (call.Result == "1");
        }
    }
}
