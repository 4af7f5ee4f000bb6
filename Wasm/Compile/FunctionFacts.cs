using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Compile;

/// <summary>What is known of a function's body before it is compiled.</summary>
/// <param name="Calls">Whether it calls anything, tail calls included.</param>
/// <param name="Loops">Whether it loops.</param>
/// <param name="UsesMemory">Whether it loads or stores.</param>
/// <param name="HiddenZeros">The integer types of which it needs a zero that the JIT does not know (docs/decisions/0402).</param>
/// <param name="Costs">With fuel, what each straight run of instructions costs, in order; else null.</param>
internal sealed record FunctionFacts(bool Calls, bool Loops, bool UsesMemory, IntegerTypes HiddenZeros, List<int>? Costs)
{
    public static FunctionFacts Of(FunctionBody body, CompileOptions options)
    {
        var (calls, loops, memory) = (false, false, false);
        var zeros = IntegerTypes.None;
        var costs = options.Fuel ? new List<int> { 0 } : null;
        var reader = new InstructionReader(new ByteReader(body.Code.Span, body.Offset), options.Limits);
        while (!reader.AtEnd)
        {
            var opcode = reader.Next().Opcode;
            calls |= opcode is Op.Call or Op.CallIndirect or Op.ReturnCall or Op.ReturnCallIndirect;
            loops |= opcode is Op.Loop;
            memory |= IsAccess(opcode);
            zeros |= HiddenZero(opcode);
            if (costs is not null)
            {
                costs[^1]++;
                if (EndsRun(opcode))
                {
                    costs.Add(0);
                }
            }
        }

        return new FunctionFacts(calls, loops, memory, zeros, costs);
    }

    /// <summary>Whether a new run of instructions, paid for on its own, begins after this one.</summary>
    public static bool EndsRun(int opcode) =>
        opcode is Op.Block or Op.Loop or Op.If or Op.Else or Op.End or Op.Br or Op.BrIf or Op.BrTable or Op.Return or Op.Unreachable
            or Op.ReturnCall or Op.ReturnCallIndirect;

    private static IntegerTypes HiddenZero(int opcode) => opcode switch
    {
        Op.I32Rotl or Op.I32Rotr or Op.I64ShrU => IntegerTypes.I32,
        Op.I64Rotl or Op.I64Rotr => IntegerTypes.I64,
        _ => IntegerTypes.None,
    };

    private static bool IsAccess(int opcode) =>
        opcode is (>= Op.I32Load and <= Op.I64Store32) or (>= Op.V128Load and <= Op.V128Store) or (>= Op.V128Load8Lane and <= Op.V128Load64Zero);
}
