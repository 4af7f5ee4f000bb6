namespace Wetware.Wasm.Compile;

/// <summary>What has still to be emitted over an operand on the IL stack.</summary>
internal enum Pending
{
    /// <summary>Nothing: it is what it is.</summary>
    Nothing,

    /// <summary>An operation that changes nothing: the JIT must not see a rotation where it could compare it with zero (docs/decisions/0402).</summary>
    Disguise,

    /// <summary>A comparison with zero; on the IL stack is the integer compared.</summary>
    IsZero,

    /// <summary>The same for an integer of 64 bits.</summary>
    IsZero64,
}
