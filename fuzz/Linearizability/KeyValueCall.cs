namespace Wetware.Fuzz.Linearizability;

internal enum KeyValueVerb : byte
{
    Get,
    Put,
    Append,
    CompareAndSwap,
}

/// <summary>A call on one key of a map of strings, "" at first, with its answer.</summary>
/// <param name="Verb">What is done.</param>
/// <param name="Key">On which key; keys are independent, so each is checked alone.</param>
/// <param name="Argument">The value put or appended, or the value expected.</param>
/// <param name="Swap">The value that replaces the expected one.</param>
/// <param name="Result">The value got; "1" or "0" for a swap that succeeded or did not.</param>
/// <param name="Known">Whether the answer is known; else any answer is right.</param>
internal readonly record struct KeyValueCall(KeyValueVerb Verb, string Key, string Argument, string Swap, string Result, bool Known)
{
    public static KeyValueCall Get(string key) => new(KeyValueVerb.Get, key, "", "", "", Known: false);

    public static KeyValueCall Get(string key, string result) => new(KeyValueVerb.Get, key, "", "", result, Known: true);

    public static KeyValueCall Put(string key, string value) => new(KeyValueVerb.Put, key, value, "", "", Known: true);

    public static KeyValueCall Append(string key, string value) => new(KeyValueVerb.Append, key, value, "", "", Known: true);

    public static KeyValueCall CompareAndSwap(string key, string expected, string value) =>
        new(KeyValueVerb.CompareAndSwap, key, expected, value, "", Known: false);

    public static KeyValueCall CompareAndSwap(string key, string expected, string value, bool succeeded) =>
        new(KeyValueVerb.CompareAndSwap, key, expected, value, succeeded ? "1" : "0", Known: true);

    public override string ToString() => Verb switch
    {
        KeyValueVerb.Get => $"get {Key}: {(Known ? $"\"{Result}\"" : "?")}",
        KeyValueVerb.Put => $"put {Key} \"{Argument}\"",
        KeyValueVerb.Append => $"append {Key} \"{Argument}\"",
        _ => $"cas {Key} \"{Argument}\" to \"{Swap}\" {(Known ? Result == "1" ? "ok" : "failed" : "?")}",
    };
}
