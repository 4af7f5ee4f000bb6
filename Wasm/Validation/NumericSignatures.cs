using Wetware.Wasm.Binary;

namespace Wetware.Wasm.Validation;

/// <summary>
/// The types of the numeric instructions 0x45 to 0xc4 and the saturating truncations (WebAssembly 2.0, section 5.4.7), one word an instruction:
/// parameters, then the result, as i (i32), l (i64), f (f32), d (f64).
/// </summary>
internal static class NumericSignatures
{
    private const string Words =
        "ii iii iii iii iii iii iii iii iii iii iii " +
        "li lli lli lli lli lli lli lli lli lli lli " +
        "ffi ffi ffi ffi ffi ffi ddi ddi ddi ddi ddi ddi " +
        "ii ii ii iii iii iii iii iii iii iii iii iii iii iii iii iii iii iii " +
        "ll ll ll lll lll lll lll lll lll lll lll lll lll lll lll lll lll lll " +
        "ff ff ff ff ff ff ff fff fff fff fff fff fff fff " +
        "dd dd dd dd dd dd dd ddd ddd ddd ddd ddd ddd ddd " +
        "li fi fi di di il il fl fl dl dl if if lf lf df id id ld ld fd fi dl if ld ii ii ll ll ll";

    private const string TruncSatWords = "fi fi di di fl fl dl dl";

    private static readonly ValType[][] Plain = Parse(Words);
    private static readonly ValType[][] TruncSat = Parse(TruncSatWords);

    /// <summary>Parameters, then the one result.</summary>
    public static ReadOnlySpan<ValType> Of(int opcode) =>
        opcode >= Op.FirstTruncSat ? TruncSat[opcode - Op.FirstTruncSat] : Plain[opcode - Op.FirstNumeric];

    private static ValType[][] Parse(string words)
    {
        var signatures = words.Split(' ');
        return Array.ConvertAll(signatures, static word => Array.ConvertAll(word.ToCharArray(), Letter));
    }

    private static ValType Letter(char letter) => letter switch
    {
        'i' => ValType.I32,
        'l' => ValType.I64,
        'f' => ValType.F32,
        _ => ValType.F64,
    };
}
