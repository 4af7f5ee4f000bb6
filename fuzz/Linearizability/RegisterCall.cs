using System.Globalization;

namespace Wetware.Fuzz.Linearizability;

internal enum RegisterVerb : byte
{
    Read,
    Write,
    CompareAndSwap,
}

/// <summary>A call on one register, with its answer.</summary>
/// <param name="Verb">What is done.</param>
/// <param name="Argument">The value written, or the value expected.</param>
/// <param name="Swap">The value that replaces the expected one.</param>
/// <param name="Result">The value read, or 1 and 0 for a swap that succeeded or did not.</param>
/// <param name="Known">Whether the answer is known; else any answer is right.</param>
internal readonly record struct RegisterCall(RegisterVerb Verb, long Argument, long Swap, long Result, bool Known)
{
    /// <summary>The value of a register that was never written.</summary>
    public const long Nil = long.MinValue;

    public static RegisterCall Read() => new(RegisterVerb.Read, 0, 0, 0, Known: false);

    public static RegisterCall Read(long result) => new(RegisterVerb.Read, 0, 0, result, Known: true);

    public static RegisterCall Write(long value) => new(RegisterVerb.Write, value, 0, 0, Known: true);

    public static RegisterCall CompareAndSwap(long expected, long value) =>
        new(RegisterVerb.CompareAndSwap, expected, value, 0, Known: false);

    public static RegisterCall CompareAndSwap(long expected, long value, bool succeeded) =>
        new(RegisterVerb.CompareAndSwap, expected, value, succeeded ? 1 : 0, Known: true);

    public override string ToString() => Verb switch
    {
        RegisterVerb.Read => $"read {(Known ? Text(Result) : "?")}",
        RegisterVerb.Write => $"write {Text(Argument)}",
        _ => $"cas {Text(Argument)} to {Text(Swap)} {(Known ? Result == 1 ? "ok" : "failed" : "?")}",
    };

    private static string Text(long value) => value == Nil ? "nil" : value.ToString(CultureInfo.InvariantCulture);
}
