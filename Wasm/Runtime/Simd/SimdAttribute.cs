namespace Wetware.Wasm.Runtime.Simd;

/// <summary>Says which vector instruction a method is.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SimdAttribute(int code, int lanes = 0) : Attribute
{
    /// <summary>The opcode after the prefix 0xfd.</summary>
    public int Code { get; } = code;

    /// <summary>How many lanes the lane immediate chooses among, where there is one.</summary>
    public int Lanes { get; } = lanes;
}
