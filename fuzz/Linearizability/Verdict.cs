namespace Wetware.Fuzz.Linearizability;

/// <summary>What is known about a history.</summary>
internal enum Verdict : byte
{
    /// <summary>The deadline or the memory limit came first.</summary>
    Unknown,

    Linearizable,

    NotLinearizable,
}
